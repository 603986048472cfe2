import { RowError as EngineRowError } from '../../pipeline/errors.ts'

/**
 * A row that can't be read as a trajectory: `field` is the path of the member at fault (`messages[3].role`),
 * `found` what stands there, shortened. The row ends as `failed`; the run goes on.
 */
export class RowError extends EngineRowError {
  readonly found: string

  constructor(field: string, found: string, expected: string) {
    super(field, `${field} is ${found}: expected ${expected}`)
    this.found = found
  }
}
