import { readGitHeader } from './git-header.ts'
import { readHunkRange } from './hunk.ts'
import { takesBytes } from './line-cursor.ts'
import type { PatchScan } from './patch-scan.ts'
import { readTraditionalHeader, startsTraditionalHeader } from './traditional-header.ts'

/** What the lines before a file's first hunk say. Names are git's, with its strip level applied. */
export interface FileHeader {
  oldName: string | null
  newName: string | null
  /**
   * The whole name, where both sides carry the same first component: there were no `a/` and `b/`
   * (`git diff --no-prefix`), and the component that git drops belongs to the path.
   */
  unprefixedName: string | null
  isNew: boolean
  isDeleted: boolean
  isRenamed: boolean
  isCopied: boolean
  oldMode: string | null
  newMode: string | null
}

/**
 * Finds the next file header, skipping what git takes for prose, and leaves the cursor behind it. Null where
 * there is none (git ignores the rest of the text) or where the scan was refused.
 */
export function findFileHeader(scan: PatchScan): FileHeader | null {
  const { cursor } = scan
  const { text } = cursor
  // One header object for all candidates: what a `diff --git` line without anything below it says is, to git,
  // still said when the next one comes, and the two then contradict each other.
  const header: FileHeader = {
    oldName: null,
    newName: null,
    unprefixedName: null,
    isNew: false,
    isDeleted: false,
    isRenamed: false,
    isCopied: false,
    oldMode: null,
    newMode: null,
  }
  for (; !cursor.finished; cursor.advance()) {
    if (cursor.end - cursor.start < 6) continue
    if (cursor.startsWith('@@ -')) {
      if (cursor.terminated && readHunkRange(text, cursor.start)) {
        return scan.refuse('a hunk without a file header')
      }
      continue
    }
    const isGit = cursor.startsWith('diff --git ')
    if (!isGit && !cursor.startsWith('--- ')) continue
    if (!takesBytes(text, cursor.end, text.length, 6)) return null
    if (isGit) {
      const found = readGitHeader(scan, header)
      if (scan.refusal !== null) return null
      if (found) return header
    } else if (startsTraditionalHeader(text, cursor.start, cursor.end)) {
      return readTraditionalHeader(scan, header)
    }
  }
  return null
}
