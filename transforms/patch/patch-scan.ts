import type { StripLevel } from './git-path.ts'
import { LineCursor } from './line-cursor.ts'

/**
 * What the readers of a patch's parts share: the cursor, what git remembers from one file to the next, and
 * the reason for which the patch is refused, after which nothing is read any more.
 */
export class PatchScan {
  readonly cursor: LineCursor
  /**
   * How many components git drops from names. It starts with 1; the first `---`/`+++` pair without
   * `diff --git` whose names hold no slash makes it 0 for all that follows.
   */
  stripLevel: StripLevel = 1
  stripLevelKnown = false
  refusal: string | null = null

  constructor(patch: string) {
    this.cursor = new LineCursor(patch)
  }

  /** Notes why git would refuse the patch; the answer is null, for readers to pass on. */
  refuse(reason: string, line = this.cursor.number): null {
    this.refusal = `line ${line}: ${reason}`
    return null
  }
}
