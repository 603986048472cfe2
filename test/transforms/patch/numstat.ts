import { readUnifiedDiff } from '../../../transforms/patch/unified-diff.ts'

/** Our reading of a patch in the form of `git apply --numstat -z`; null where we refuse it or find no file. */
export function ownNumstat(patch: string): string[] | null {
  const lines: string[] = []
  const refusal = readUnifiedDiff(patch, ({ isBinary, addedLines, removedLines, newName, oldName }) => {
    const counts = isBinary ? '-\t-' : `${addedLines}\t${removedLines}`
    lines.push(`${counts}\t${newName ?? oldName}`)
  })
  return refusal !== null || lines.length === 0 ? null : lines
}
