import type { SourceText } from './corpus.ts'
import type { Draw } from './draw.ts'

/** Lines of one place in a file, and what they become. */
export interface Edit {
  readonly path: string
  /** line of the file, from 1 */
  readonly line: number
  readonly above: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly below: readonly string[]
}

const CONTEXT = 3

/** A plausible edit: some lines go, some stay with another name in them, some are new. */
export function editOf({ path, lines }: SourceText, draw: Draw): Edit {
  const length = Math.min(lines.length >> 1, Math.max(1, Math.round(draw.around(6, 0.9))))
  const at = draw.below(lines.length - length)
  const before = lines.slice(at, at + length)
  const name = `value_${draw.hex(5)}`
  const after = before.flatMap((line) => {
    if (draw.chance(0.15)) return []
    const renamed = line.replace(/[A-Za-z]{4,}/, name)
    return draw.chance(0.3) ? [renamed, draw.pick(lines)] : [renamed]
  })
  return {
    path,
    line: at + 1,
    above: lines.slice(Math.max(0, at - CONTEXT), at),
    before,
    after,
    below: lines.slice(at + length, at + length + CONTEXT),
  }
}

/** A diff that git accepts: the last edit of each file. */
export function diffOf(edits: readonly Edit[]): string {
  const last = new Map(edits.map((edit) => [edit.path, edit]))
  return [...last.values()].map(fileDiff).join('')
}

/** A diff that ends after the first line of its last hunk: cut anywhere else, not every reader refuses it. */
export function cutInHunk(diff: string): string {
  const hunk = diff.lastIndexOf('\n@@ ') + 1
  const body = diff.indexOf('\n', hunk) + 1
  return diff.slice(0, diff.indexOf('\n', body) + 1)
}

function fileDiff({ path, line, above, before, after, below }: Edit): string {
  const start = line - above.length
  const old = above.length + before.length + below.length
  const fresh = above.length + after.length + below.length
  const marked = (mark: string, lines: readonly string[]): string[] => lines.map((text) => `${mark}${text}`)
  return [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${start},${old} +${start},${fresh} @@`,
    ...marked(' ', above),
    ...marked('-', before),
    ...marked('+', after),
    ...marked(' ', below),
    '',
  ].join('\n')
}
