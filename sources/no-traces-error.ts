import { SourceError } from '../pipeline/errors.ts'

/** A file that can be read and holds something else. */
export class NoTracesError extends SourceError {
  readonly why: string

  constructor(file: string, why: string) {
    super(`${file} holds no traces: ${why}`, { where: { file } })
    this.why = why
  }
}
