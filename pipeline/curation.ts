import type { LabelCount } from '../transforms/report/count-labels.ts'
import type { RowCount } from '../transforms/report/count-rows.ts'
import { SluiceError } from './errors.ts'
import type { Receipt } from './graph/sink.ts'
import type { RunResult } from './runners/run.ts'
import type { Tally } from './worker/bundle-result.ts'

/** What a curation came to. */
export interface Curation {
  readonly tally: Tally
  /** tokens of all readable rows that were measured, and of the kept ones */
  readonly tokens: { readonly measured: number; readonly kept: number }
  readonly languages: { readonly before: Counts<RowCount>; readonly after: Counts<RowCount> }
  /** labels by leaf of the dataset */
  readonly labels: Counts<LabelCount>
  readonly licenses: Counts<RowCount>
  readonly teacherModels: Counts<RowCount>
  readonly receipts: readonly Receipt[]
  readonly seconds: number
  readonly run: RunResult
}

export type Counts<T> = readonly (readonly [key: string, count: T])[]

/** The run went well and kept no row, which its recipe does not allow. Everything is written all the same. */
export class NothingKeptError extends SluiceError {
  readonly code = 'NOTHING_KEPT'
  readonly curation: Curation

  constructor(curation: Curation) {
    const { rows, failed, dropped } = curation.tally
    const reasons = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`)
    if (failed > 0) reasons.push(`failed ${failed}`)
    const advice =
      failed > 0 && failed === rows
        ? 'none could be read, the files under failed/ say why'
        : 'loosen the filter that took most, or allow it with --allow-empty'
    super(`no row was kept of ${rows} (${reasons.join(', ') || 'there were none'}): ${advice}`)
    this.curation = curation
  }
}
