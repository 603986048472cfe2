import { NoTracesError } from '../no-traces-error.ts'
import { type LineStart, readLines } from './lines.ts'
import { NameSearch } from './name-search.ts'
import { type LinesFile, openBytes } from './open-bytes.ts'

/** A bundle is about this many bytes of text. */
const BUNDLE_BYTES = 16 << 20

/** Rows of a file of JSON lines. */
export interface LineSpan {
  readonly firstRow: number
  readonly rows: number
  /** of text, decompressed */
  readonly bytes: number
  readonly start: LineStart
}

/**
 * Walks a file once and cuts its rows into bundles of about equal bytes. Ends after `limit` rows; the bounds of
 * the bundles before do not depend on it. Throws NoTracesError when no row has any of `needed` as a name.
 */
export async function planLines(
  lines: LinesFile,
  needed: readonly string[],
  limit: number,
  signal: AbortSignal,
): Promise<LineSpan[]> {
  const search = new NameSearch(needed)
  const chunks = search.watch(openBytes(lines, 0))
  const spans: LineSpan[] = []
  let rows = 0
  let open: { firstRow: number; rows: number; bytes: number; start: LineStart } | undefined
  for await (const { number, at, length } of readLines(chunks, { number: 1, at: 0 }, false)) {
    signal.throwIfAborted()
    open ??= { firstRow: rows, rows: 0, bytes: 0, start: { number, at } }
    open.rows++
    open.bytes += length + 1
    rows++
    if (rows === limit) break
    if (open.bytes < BUNDLE_BYTES) continue
    spans.push(open)
    open = undefined
  }
  if (open) spans.push(open)
  // Within the limit alone the names may be missing by chance.
  if (rows > 0 && !search.found && rows < limit)
    throw new NoTracesError(lines.file, `no row has ${needed.map((name) => `'${name}'`).join(' or ')}`)
  return spans
}
