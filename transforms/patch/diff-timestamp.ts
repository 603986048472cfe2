/**
 * The timestamps that POSIX and GNU diff write behind a file name, as in
 * `--- x.c<TAB>2010-07-05 19:41:17.620000023 -0500`.
 */
const timestamp = /(?:\d\d)?\d\d-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,40})?)?(?: [-+](?:\d{4}|\d\d:\d\d))?$/

/** Long enough for every timestamp above, so that no expression ever runs over a 10 MB line. */
const longestTimestamp = 96

/**
 * How many characters at the end of `line` are a timestamp and the white space before it, 0 for none. A tab
 * before it is part of it; without one, every space before it is.
 */
export function timestampLength(line: string): number {
  const tail = line.slice(-longestTimestamp)
  const found = timestamp.exec(tail)
  if (!found) return 0
  let start = line.length - found[0].length
  if (line[start - 1] === '\t') return line.length - start + 1
  if (line[start - 1] !== ' ') return 0
  while (line[start - 1] === ' ') start--
  return line.length - start
}

const timeAndZone = /^([0-2]\d):([0-5]\d):00(?:\.0{1,40})? ([-+])([0-2]\d):?([0-5]\d)$/

/**
 * Whether the timestamp behind the last tab of a `---` or `+++` line is the Unix epoch, as GNU diff marks the
 * side on which the file does not exist.
 */
export function isEpoch(line: string): boolean {
  const tab = line.lastIndexOf('\t')
  if (tab < 0 || line.length - tab > longestTimestamp) return false
  const date = line.slice(tab + 1, tab + 12)
  if (date !== '1969-12-31 ' && date !== '1970-01-01 ') return false
  const time = timeAndZone.exec(line.slice(tab + 12))
  if (!time) return false
  const zoneMinutes = Number(`${time[3]}1`) * (Number(time[4]) * 60 + Number(time[5]))
  const minutes = Number(time[1]) * 60 + Number(time[2]) - zoneMinutes
  return minutes === (date.startsWith('1969') ? 24 * 60 : 0)
}
