import type { Inspection } from '../../sources/inspect/inspection.ts'

/**
 * The folder that all the leaves lie in, or the dataset: it is said once, and names are shown from there on. Empty
 * where there is none, and for a single folder of one's own.
 */
export function commonFolder({ leaves, datasets }: Inspection): string {
  const [first = [], ...others] = leaves.map(({ leaf }) => leaf.split('/'))
  const [dataset] = datasets
  const root = dataset && `hf://datasets/${dataset.repository}@${dataset.commit}`
  if (others.length === 0) return root !== undefined && first.join('/').startsWith(`${root}/`) ? root : ''
  const same = first.findIndex((part, at) => others.some((parts) => parts[at] !== part))
  const common = first.slice(0, same < 0 ? first.length : same).join('/')
  // Datasets have only their scheme in common.
  return root === undefined || common.startsWith(root) ? common : ''
}

/** A name as it is seen from a folder; those that lie elsewhere stay as they are. */
export function seenFrom(folder: string, name: string): string {
  if (folder === '') return name
  return name === folder ? '.' : name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name
}
