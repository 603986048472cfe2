import { globSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, sep } from 'node:path'
import { SourceError } from '../../pipeline/errors.ts'

export interface FileList {
  /** in the order of reading, as the user would write them, with forward slashes */
  readonly files: readonly string[]
  /** those that were asked for one by one, not found in a directory or by a glob */
  readonly named: ReadonlySet<string>
  readonly ignored: readonly { readonly file: string; readonly why: string }[]
}

/**
 * The files that paths stand for. A path is a file, a directory (all files in and below it, by path, but for
 * names that start with a dot), or a glob. Several paths keep their order, and a file that several of them reach
 * is read once. Throws SourceError when one of them stands for nothing.
 */
export function listFiles(paths: readonly string[]): FileList {
  const files: string[] = []
  const named = new Set<string>()
  const ignored: { file: string; why: string }[] = []
  const seen = new Map<string, string>()
  for (const path of paths) {
    const found = expand(path)
    if (kindOf(path) === 'file') named.add(found[0]!)
    if (found.length === 0)
      throw new SourceError(
        `${path} holds no files: give a Parquet or JSONL file, a directory of them or a glob`,
        {
          where: { file: path },
        },
      )
    for (const file of found) {
      const real = realpathSync(file)
      const first = seen.get(real)
      if (first === undefined) files.push(file)
      else ignored.push({ file, why: `it is read already, as ${first}` })
      if (first === undefined) seen.set(real, file)
    }
  }
  return { files, named, ignored }
}

function expand(path: string): string[] {
  const kind = kindOf(path)
  if (kind === 'file') return [slashed(path)]
  if (kind === 'directory') return filesBelow(path, new Set())
  const matches = globSync(path).filter((match) => !isHidden(match) || isHidden(path))
  if (matches.length === 0)
    throw new SourceError(`${path} does not exist, and as a glob it matches nothing`, {
      where: { file: path },
    })
  const matched = matches.flatMap((match) =>
    kindOf(match) === 'directory' ? filesBelow(match, new Set()) : [slashed(match)],
  )
  return [...new Set(matched)].sort(byCodeUnit)
}

/** Files in and below a directory, in path order. `above` holds the real directories on the way, against loops. */
function filesBelow(directory: string, above: ReadonlySet<string>): string[] {
  const real = realpathSync(directory)
  if (above.has(real)) return []
  const inside = new Set([...above, real])
  const found: string[] = []
  for (const name of readdirSync(directory)) {
    if (isHidden(name)) continue
    const path = `${directory.replace(/[/\\]+$/, '')}/${name}`
    const kind = kindOf(path)
    if (kind === 'file') found.push(slashed(path))
    else if (kind === 'directory') found.push(...filesBelow(path, inside))
  }
  return above.size > 0 ? found : found.sort(byCodeUnit)
}

/** Undefined for what is not there, or is neither, such as a socket or a link to nowhere. */
function kindOf(path: string): 'file' | 'directory' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile()) return 'file'
  return stats?.isDirectory() ? 'directory' : undefined
}

const isHidden = (path: string): boolean => basename(path).startsWith('.') && basename(path).length > 1
const slashed = (path: string): string => path.replaceAll(sep, '/')

/** The same order on every machine and in every language. */
const byCodeUnit = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
