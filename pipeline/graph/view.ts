import type { Verdict } from '../batch/outcome.ts'

/** Which rows of a marked collection an edge carries: all, all that could be read, or those of one verdict. */
export const VIEWS = ['every', 'measured', 'kept', 'dropped', 'failed'] as const

export type View = (typeof VIEWS)[number]

export function inView(verdict: Verdict, view: View): boolean {
  return view === 'every' || verdict === view || (view === 'measured' && verdict !== 'failed')
}
