import { takesBytes } from './line-cursor.ts'
import type { PatchScan } from './patch-scan.ts'

/** How many lines of the old and of the new file a hunk's header announces. */
export interface HunkRange {
  readonly oldLines: number
  readonly newLines: number
}

/** What a hunk changes; its context is oldLines - removed = newLines - added. */
export interface Hunk extends HunkRange {
  readonly added: number
  readonly removed: number
}

const newline = 10
const space = 32
const plus = 43
const comma = 44
const minus = 45
const backslash = 92

/** Git takes a line that starts with `\ ` for the missing newline's note from this length, in bytes. */
const shortestNote = 12

/** Reads `@@ -1,2 +1,3 @@` at `start`; null where that is not what stands there. A left out count is 1. */
export function readHunkRange(text: string, start: number): HunkRange | null {
  const old = readRange(text, start + '@@ -'.length)
  if (!old || !text.startsWith(' +', old.end)) return null
  const fresh = readRange(text, old.end + 2)
  if (!fresh || !text.startsWith(' @@', fresh.end)) return null
  return { oldLines: old.lines, newLines: fresh.lines }
}

function readRange(text: string, start: number): { lines: number; end: number } | null {
  const position = readNumber(text, start)
  if (!position) return null
  if (text.charCodeAt(position.end) !== comma) return { lines: 1, end: position.end }
  const count = readNumber(text, position.end + 1)
  return count && { lines: count.value, end: count.end }
}

function readNumber(text: string, start: number): { value: number; end: number } | null {
  let value = 0
  let at = start
  for (; ; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) break
    value = value * 10 + digit
  }
  return at > start ? { value, end: at } : null
}

/**
 * Reads the hunk at whose `@@ -` line the cursor stands, and leaves the cursor behind it. The header's counts
 * alone say where it ends: a removed line `-- a` looks like the next file's `--- a`. Null where git would
 * refuse it.
 */
export function readHunk(scan: PatchScan): Hunk | null {
  const { cursor } = scan
  const { text } = cursor
  const range = cursor.terminated ? readHunkRange(text, cursor.start) : null
  if (!range) return scan.refuse('no valid hunk header')
  let oldLeft = range.oldLines
  let newLeft = range.newLines
  let added = 0
  let removed = 0
  let start = cursor.end
  let number = cursor.number + 1
  for (; (oldLeft !== 0 || newLeft !== 0) && start < text.length; number++) {
    const end = text.indexOf('\n', start)
    if (end < 0) return scan.refuse('the hunk ends in the middle of a line', number)
    switch (text.charCodeAt(start)) {
      case newline: // an empty line of context that lost its space
      case space:
        oldLeft--
        newLeft--
        break
      case minus:
        oldLeft--
        removed++
        break
      case plus:
        newLeft--
        added++
        break
      case backslash:
        if (isNote(text, start, end + 1)) break
        return scan.refuse('neither a line of a hunk nor a note', number)
      default:
        return scan.refuse(progress(range, oldLeft, newLeft), number)
    }
    if (oldLeft < 0 || newLeft < 0) return scan.refuse('the hunk has more lines than its header says', number)
    start = end + 1
  }
  if (oldLeft !== 0 || newLeft !== 0) return scan.refuse(progress(range, oldLeft, newLeft), number)
  if (added === 0 && removed === 0) return scan.refuse('the hunk changes nothing')
  cursor.moveTo(start, number)
  // The note on the last line comes when all lines have been counted.
  if (cursor.startsWith('\\ ') && takesBytes(text, start, text.length, shortestNote + 1)) cursor.advance()
  return { ...range, added, removed }
}

function isNote(text: string, start: number, end: number): boolean {
  return text.charCodeAt(start + 1) === space && takesBytes(text, start, end, shortestNote)
}

function progress({ oldLines, newLines }: HunkRange, oldLeft: number, newLeft: number): string {
  const old = `${oldLines - oldLeft} of ${oldLines} old lines`
  return `the hunk ends after ${old} and ${newLines - newLeft} of ${newLines} new lines`
}
