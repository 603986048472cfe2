/** How the files of a patch and of the reference patch overlap. Shares are between 0 and 1. */
export interface ReferenceOverlap {
  /** Distinct files that both patches touch. */
  readonly shared: number
  /** Of the patch's files, the part that the reference touches too; 0 for a patch without files. */
  readonly shareOfPatch: number
  /** Of the reference's files, the part that the patch touches too. */
  readonly shareOfReference: number
}

/** Compares two patches' paths, each possibly listed twice. Null where the reference touches no file. */
export function overlapWithReference(
  paths: Iterable<string>,
  referencePaths: Iterable<string>,
): ReferenceOverlap | null {
  const touched = new Set(paths)
  const reference = new Set(referencePaths)
  if (reference.size === 0) return null
  const shared = [...touched].filter((path) => reference.has(path)).length
  return {
    shared,
    shareOfPatch: touched.size === 0 ? 0 : shared / touched.size,
    shareOfReference: shared / reference.size,
  }
}
