import { readBinaryHunks } from './binary-hunk.ts'
import { type FileHeader, findFileHeader } from './file-header.ts'
import { readHunk } from './hunk.ts'
import { takesBytes } from './line-cursor.ts'
import { PatchScan } from './patch-scan.ts'

/** What a patch does to one file: one line of `git apply --numstat`. */
export interface FileChange extends FileHeader {
  readonly hunks: number
  readonly addedLines: number
  readonly removedLines: number
  readonly isBinary: boolean
}

/**
 * Reads a patch as `git apply --numstat` does, and hands over its files in order. The answer is null, or why
 * git refuses the whole patch, which may show after files have been handed over.
 *
 * The grammar is that of git's "generating patch text with -p", read as tolerantly as git does: prose between
 * files is skipped, and so is all that follows the last header. Three things surprise: lines behind a hunk
 * that its header does not count are prose; a combined diff (`diff --cc`) is prose throughout; a broken
 * `GIT binary patch` ends the reading, without a refusal where files came before it. A header without changes
 * counts as a file, as with --numstat, though applying it would fail.
 *
 * Linear in the patch's length; nothing of the patch is copied but names. Known differences: older git (2.39)
 * refuses its own diffs of empty and of binary files in directories whose name ends with a space, which
 * are read here; and base-85 data that would inflate more than 64-fold is taken on trust.
 */
export function readUnifiedDiff(patch: string, onFile: (change: FileChange) => void): string | null {
  const scan = new PatchScan(patch)
  let files = 0
  let header = findFileHeader(scan)
  for (; header; header = findFileHeader(scan)) {
    const change = readFileChange(scan, header)
    if (!change) break
    onFile(change)
    files++
  }
  if (scan.refusal !== null || files > 0) return scan.refusal
  if (header) return 'broken binary data'
  return /\S/.test(patch) ? 'no file header that git reads' : null
}

/** Reads a file's hunks, from below its header. Null where the scan was refused or cannot go on. */
function readFileChange(scan: PatchScan, header: FileHeader): FileChange | null {
  const { cursor } = scan
  const firstLine = cursor.number
  let [hunks, addedLines, removedLines, oldLines, newLines] = [0, 0, 0, 0, 0]
  while (cursor.startsWith('@@ -') && takesBytes(cursor.text, cursor.start, cursor.text.length, 5)) {
    const hunk = readHunk(scan)
    if (!hunk) return null
    hunks++
    addedLines += hunk.added
    removedLines += hunk.removed
    oldLines += hunk.oldLines
    newLines += hunk.newLines
  }
  if (header.isNew && oldLines > 0) return scan.refuse('a new file has old lines', firstLine)
  if (header.isDeleted && newLines > 0) return scan.refuse('a deleted file has new lines', firstLine)
  const isBinary = hunks === 0 && readBinaryMark(scan)
  return isBinary === null ? null : { ...header, hunks, addedLines, removedLines, isBinary }
}

/** Whether a file without text hunks is binary; null where its binary data is broken. */
function readBinaryMark(scan: PatchScan): boolean | null {
  const { cursor } = scan
  if (cursor.terminated && cursor.line === 'GIT binary patch') return readBinaryHunks(scan) || null
  if (!cursor.startsWith('Binary files ') && !cursor.startsWith('Files ')) return false
  if (!cursor.text.startsWith(' differ\n', cursor.end - ' differ\n'.length)) return false
  cursor.advance()
  return true
}
