import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * A commit of a dataset as huggingface_hub keeps it on disk:
 * `<cache>/datasets--<owner>--<name>/{refs/<revision>, snapshots/<commit>/<path>}`.
 */
export interface CachedSnapshot {
  readonly commit: string
  readonly directory: string
}

/** The snapshot of a commit, given whole, by its beginning, or by a branch or tag that was fetched; null if none is there. */
export function findSnapshot(
  cache: string,
  repository: string,
  revision: string | null,
): CachedSnapshot | null {
  const folder = path.join(cache, `datasets--${repository.replace('/', '--')}`)
  const snapshots = path.join(folder, 'snapshots')
  if (!existsSync(snapshots)) return null
  const named = revision ?? 'main'
  const ref = path.join(folder, 'refs', ...named.split('/'))
  const wanted = statSync(ref, { throwIfNoEntry: false })?.isFile() ? readFileSync(ref, 'utf8').trim() : named
  const matches = readdirSync(snapshots).filter((commit) => commit.startsWith(wanted))
  const [commit] = matches
  return matches.length === 1 && commit && wanted.length >= 7
    ? { commit, directory: path.join(snapshots, commit) }
    : null
}

/** The file's path on disk, when the snapshot has all of it. */
export function cachedFile(
  { directory }: CachedSnapshot,
  file: { readonly path: string; readonly size: number },
): string | null {
  const onDisk = path.join(directory, ...file.path.split('/'))
  return statSync(onDisk, { throwIfNoEntry: false })?.size === file.size ? onDisk : null
}

/** What a snapshot holds: for want of the Hub, the files of the commit. */
export function filesOf({ directory }: CachedSnapshot): { path: string; size: number }[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => ({ path: file.replaceAll(path.sep, '/'), stats: statSync(path.join(directory, file)) }))
    .filter(({ stats }) => stats.isFile())
    .map((file) => ({ path: file.path, size: file.stats.size }))
}
