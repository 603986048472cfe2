import { timestampLength } from './diff-timestamp.ts'

/**
 * How git reads file names in patches: C-style quoting, the `a/` and `b/` prefixes, and the places where a
 * name ends. Every function is linear in the line it reads. Rules: git's documentation of diff formats
 * ("core.quotePath" and "generating patch text with -p") and the behaviour of `git apply` 2.39.
 */

/** How many leading path components are dropped: 1 for `a/x` and `b/x`, 0 for patches without prefixes. */
export type StripLevel = 0 | 1

const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
}

/**
 * Undoes git's C-style quoting of the name whose opening quote is at `from`: `"a/caf\303\251"` is `a/café`.
 * Octal escapes are bytes of UTF-8. Null where the quoting is broken; `end` is behind the closing quote.
 */
export function unquote(text: string, from: number): { name: string; end: number } | null {
  const close = closingQuote(text, from)
  if (close < 0) return null
  const quoted = text.slice(from + 1, close)
  if (!quoted.includes('\\')) return { name: quoted, end: close + 1 }
  const bytes = Buffer.alloc(Buffer.byteLength(quoted))
  let length = 0
  for (let at = 0; at < quoted.length; ) {
    const backslash = quoted.indexOf('\\', at)
    const literalEnd = backslash < 0 ? quoted.length : backslash
    length += bytes.write(quoted.slice(at, literalEnd), length)
    if (backslash < 0) break
    const octal = /^[0-3][0-7]{2}/.exec(quoted.slice(backslash + 1, backslash + 4))
    const byte = octal ? Number.parseInt(octal[0], 8) : escapes[quoted[backslash + 1] ?? '']
    if (byte === undefined) return null
    bytes[length++] = byte
    at = backslash + (octal ? 4 : 2)
  }
  return { name: bytes.toString('utf8', 0, length), end: close + 1 }
}

/** Where the quote that opens at `from` closes, or -1. */
function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) return at
    if (code === 92) at++
  }
  return -1
}

/** Drops `level` leading components; null where there are fewer, or where the path is absolute. */
function withoutPrefix(path: string, level: StripLevel): string | null {
  const slash = path.indexOf('/')
  if (level === 0) return slash === 0 ? null : path
  return slash <= 0 ? null : path.slice(slash + 1)
}

function squashSlashes(name: string): string {
  return name.includes('//') ? name.replace(/\/+/g, '/') : name
}

/** Whether a `---` or `+++` line's name says that there is no file on that side. */
export function isDevNull(name: string): boolean {
  return /^\/dev\/null(?:[ \t\r]|$)/.test(name)
}

/**
 * The name that stands at `from` and goes on to the end of its line. A carriage return ends it, and a tab
 * where `tabEnds` (git writes one behind names with spaces). Null where stripping leaves nothing.
 */
export function readName(
  text: string,
  from: number,
  end: number,
  level: StripLevel,
  tabEnds: boolean,
): string | null {
  return (
    quotedName(text, from, level) ?? plainName(text.slice(from, nameEnd(text, from, end, tabEnds)), level)
  )
}

/**
 * The name on a `---` or `+++` line of a patch without `diff --git`: a timestamp may follow it. `shorter` is
 * the other side's name, preferred where this one only adds something to it (`x` and `x.orig`).
 */
export function readTraditionalName(
  text: string,
  from: number,
  end: number,
  level: StripLevel,
  shorter: string | null = null,
): string | null {
  const quoted = quotedName(text, from, level)
  if (quoted !== null) return quoted
  const timestamp = timestampLength(text.slice(from, end))
  const until = timestamp > 0 ? end - timestamp : nameEnd(text, from, end, true)
  const name = plainName(text.slice(from, until), level)
  if (name === null || name === '') return shorter
  return shorter !== null && shorter.length < name.length && name.startsWith(shorter) ? shorter : name
}

function quotedName(text: string, from: number, level: StripLevel): string | null {
  if (text[from] !== '"') return null
  const name = unquote(text, from)?.name
  if (name === undefined) return null
  const slash = name.indexOf('/')
  if (level === 1 && slash < 0) return null
  return squashSlashes(level === 1 ? name.slice(slash + 1) : name)
}

function plainName(raw: string, level: StripLevel): string | null {
  const slash = raw.indexOf('/')
  if (level === 1 && slash < 0) return null
  const name = level === 1 ? raw.slice(slash + 1) : raw
  return name === '' ? null : squashSlashes(name)
}

function nameEnd(text: string, from: number, end: number, tabEnds: boolean): number {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 13 || (tabEnds && code === 9)) return at
  }
  return end
}

/**
 * The name on a `diff --git` line, `names` being what follows those words: the one that stands there twice,
 * once behind each prefix. Null where the two differ, as in renames, whose names stand on lines of their own.
 */
export function readHeaderName(names: string, level: StripLevel): string | null {
  if (names.startsWith('"')) {
    const first = unquote(names, 0)
    const name = first && withoutPrefix(first.name, level)
    if (!first || name === null) return null
    const rest = names.slice(first.end).replace(/^[ \t\r]+/, '')
    const second = rest.startsWith('"') ? unquote(rest, 0)?.name : undefined
    return second !== undefined && withoutPrefix(second, level) === name ? name : null
  }
  const first = withoutPrefix(names, level)
  if (first === null) return null
  const quote = first.indexOf('"')
  if (quote < 0) return twiceTheSame(first, level)
  const second = unquote(first, quote)?.name
  const name = second === undefined ? null : withoutPrefix(second, level)
  if (name === null || !first.startsWith(name) || name.length >= quote) return null
  return /[ \t\r]/.test(first[name.length]!) ? name : null
}

/**
 * The name of `NAME b/NAME`, where NAME may hold spaces. As the first name grows, so does what would stand
 * before the second, so that at most one space leaves two names of the same length: one comparison will do.
 */
function twiceTheSame(text: string, level: StripLevel): string | null {
  let slash = -1
  for (let length = 0; length < text.length; length++) {
    const code = text.charCodeAt(length)
    if (code !== 32 && code !== 9) continue
    let second = length + 1
    if (level === 1) {
      if (slash < second) slash = text.indexOf('/', second)
      if (slash < 0) return null
      if (slash === second) continue
      second = slash + 1
    } else if (text[second] === '/') continue
    if (second + length !== text.length) continue
    return text.startsWith(text.slice(0, length), second) ? text.slice(0, length) : null
  }
  return null
}
