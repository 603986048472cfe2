import { isEpoch } from './diff-timestamp.ts'
import type { FileHeader } from './file-header.ts'
import { isDevNull, readTraditionalName } from './git-path.ts'
import { endOfLine, takesBytes } from './line-cursor.ts'
import type { PatchScan } from './patch-scan.ts'

/** Whether a `--- ` line is followed by a `+++ ` line and a hunk: else git takes it for prose. */
export function startsTraditionalHeader(text: string, start: number, end: number): boolean {
  if (!text.startsWith('+++ ', end)) return false
  const hunk = endOfLine(text, end)
  if (!text.startsWith('@@ -', hunk)) return false
  // Fourteen bytes are the shortest hunk header, and git counts those of the `---` line among them.
  const oldLineBytes = Buffer.byteLength(text.slice(start, Math.min(end, start + 14)))
  return takesBytes(text, hunk, text.length, 14 - oldLineBytes)
}

/** Reads a `---` and a `+++` line without `diff --git`. */
export function readTraditionalHeader(scan: PatchScan, header: FileHeader): FileHeader | null {
  const { cursor } = scan
  const { text } = cursor
  const number = cursor.number
  const old = { from: cursor.start + 4, end: cursor.end - 1 }
  cursor.advance()
  const fresh = { from: cursor.start + 4, end: cursor.end - 1 }
  cursor.advance()
  const oldLine = text.slice(old.from, old.end)
  const newLine = text.slice(fresh.from, fresh.end)
  guessStripLevel(scan, newLine)
  const level = scan.stripLevel
  let name: string | null
  if (isDevNull(oldLine)) {
    name = readTraditionalName(text, fresh.from, fresh.end, level)
    header.isNew = true
  } else if (isDevNull(newLine)) {
    name = readTraditionalName(text, old.from, old.end, level)
    header.isDeleted = true
  } else {
    const oldName = readTraditionalName(text, old.from, old.end, level)
    name = readTraditionalName(text, fresh.from, fresh.end, level, oldName)
    header.isNew = isEpoch(oldLine)
    header.isDeleted = !header.isNew && isEpoch(newLine)
    if (level === 1) header.unprefixedName = sameName(oldLine, newLine)
  }
  if (name === null) return scan.refuse('no file name in the file header', number)
  if (!header.isNew) header.oldName = name
  if (!header.isDeleted) header.newName = name
  return header
}

/** Git takes a patch for one without prefixes when the new file's name has no slash. */
function guessStripLevel(scan: PatchScan, newLine: string): void {
  if (scan.stripLevelKnown || isDevNull(newLine)) return
  const name = readTraditionalName(newLine, 0, newLine.length, 0)
  if (name === null || name.includes('/')) return
  scan.stripLevel = 0
  scan.stripLevelKnown = true
}

function sameName(oldLine: string, newLine: string): string | null {
  const name = readTraditionalName(oldLine, 0, oldLine.length, 0)
  return name === readTraditionalName(newLine, 0, newLine.length, 0) ? name : null
}
