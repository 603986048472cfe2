import type { FileHeader } from './file-header.ts'
import { isDevNull, readHeaderName, readName, type StripLevel } from './git-path.ts'
import type { PatchScan } from './patch-scan.ts'

const opening = 'diff --git '

/**
 * Reads a `diff --git` line, at which the cursor stands, and the lines below it up to the first that is none
 * of a header's. Answers whether there were any; if not, the cursor has not moved.
 */
export function readGitHeader(scan: PatchScan, header: FileHeader): boolean {
  const { cursor } = scan
  const names = cursor.line.slice(opening.length)
  const name = readHeaderName(names, scan.stripLevel)
  header.unprefixedName = scan.stripLevel === 0 ? null : readHeaderName(names, 0)
  header.isNew = false
  header.isDeleted = false
  const start = cursor.start
  const number = cursor.number
  for (cursor.advance(); cursor.terminated; cursor.advance()) {
    const read = headerLines.find(([prefix]) => cursor.startsWith(prefix))
    if (!read) break
    const complaint = read[1](header, {
      text: cursor.text,
      from: cursor.start + read[0].length,
      end: cursor.end - 1,
      name,
      level: scan.stripLevel,
    })
    if (complaint !== null) {
      scan.refuse(complaint)
      return false
    }
    const kinds = [header.isNew, header.isDeleted, header.isRenamed, header.isCopied]
    if (kinds.filter(Boolean).length > 1) {
      scan.refuse('header lines contradict each other')
      return false
    }
  }
  if (header.oldName === null && header.newName === null) {
    header.oldName = name
    header.newName = name
  }
  if ((header.newName === null && !header.isDeleted) || (header.oldName === null && !header.isNew)) {
    scan.refuse('the file header lacks a file name', number)
    return false
  }
  if (cursor.number > number + 1) return true
  cursor.moveTo(start, number)
  return false
}

const invalidMode = 'invalid file mode'

/** Where a header line's value stands, the name on the `diff --git` line, and git's strip level. */
interface HeaderValue {
  readonly text: string
  readonly from: number
  readonly end: number
  readonly name: string | null
  readonly level: StripLevel
}

/** Takes one line into the header; answers what is wrong with it, or null. */
type HeaderLine = (header: FileHeader, value: HeaderValue) => string | null

const headerLines: readonly (readonly [prefix: string, HeaderLine])[] = [
  ['index ', readIndex],
  ['--- ', readOldName],
  ['+++ ', readNewName],
  ['old mode ', readOldMode],
  ['new mode ', readNewMode],
  ['new file mode ', readNewFile],
  ['deleted file mode ', readDeletedFile],
  ['rename from ', movedFrom('isRenamed')],
  ['rename to ', movedTo('isRenamed')],
  ['rename old ', movedFrom('isRenamed')],
  ['rename new ', movedTo('isRenamed')],
  ['copy from ', movedFrom('isCopied')],
  ['copy to ', movedTo('isCopied')],
  ['similarity index ', () => null],
  ['dissimilarity index ', () => null],
]

function readOldName(header: FileHeader, value: HeaderValue): string | null {
  const read = readSide(header.oldName, header.isNew, value)
  header.oldName = read.name
  return read.complaint && `${read.complaint} old name`
}

function readNewName(header: FileHeader, value: HeaderValue): string | null {
  const read = readSide(header.newName, header.isDeleted, value)
  header.newName = read.name
  return read.complaint && `${read.complaint} new name`
}

/** A `---` or `+++` line: it must repeat a name that is known already, and be /dev/null where no file is. */
function readSide(known: string | null, absent: boolean, { text, from, end, level }: HeaderValue) {
  if (known === null && absent) {
    return { name: null, complaint: isDevNull(text.slice(from, end)) ? null : '/dev/null expected as' }
  }
  const name = readName(text, from, end, level, true)
  if (known === null) return { name, complaint: null }
  return { name: known, complaint: absent || name !== known ? 'inconsistent' : null }
}

function readOldMode(header: FileHeader, value: HeaderValue): string | null {
  header.oldMode = readMode(value)
  return header.oldMode === null ? invalidMode : null
}

function readNewMode(header: FileHeader, value: HeaderValue): string | null {
  header.newMode = readMode(value)
  return header.newMode === null ? invalidMode : null
}

function readNewFile(header: FileHeader, value: HeaderValue): string | null {
  header.isNew = true
  header.newName = value.name
  return readNewMode(header, value)
}

function readDeletedFile(header: FileHeader, value: HeaderValue): string | null {
  header.isDeleted = true
  header.oldName = value.name
  return readOldMode(header, value)
}

/** Names on rename and copy lines carry no prefix, and white space in them is theirs. */
function readMovedName({ text, from, end }: HeaderValue): string | null {
  return readName(text, from, end, 0, false)
}

function movedFrom(kind: 'isRenamed' | 'isCopied'): HeaderLine {
  return (header, value) => {
    header[kind] = true
    header.oldName = readMovedName(value)
    return null
  }
}

function movedTo(kind: 'isRenamed' | 'isCopied'): HeaderLine {
  return (header, value) => {
    header[kind] = true
    header.newName = readMovedName(value)
    return null
  }
}

/** `index OLD..NEW MODE`: object names of at most 40 digits, then perhaps the mode of a file that keeps it. */
function readIndex(header: FileHeader, value: HeaderValue): string | null {
  const mode = /^[^.]{0,40}\.\.[^ ]{0,40} /.exec(
    value.text.slice(value.from, Math.min(value.end, value.from + 84)),
  )
  if (!mode) return null
  return readOldMode(header, { ...value, from: value.from + mode[0].length })
}

/** A file mode, in octal digits; null where there is none. */
function readMode({ text, from }: HeaderValue): string | null {
  return /^[ \t\v\f\r]*[+-]?([0-7]{1,32})[ \t\r\n]/.exec(text.slice(from, from + 64))?.[1] ?? null
}
