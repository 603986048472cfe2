import type { Verdict } from '../batch/outcome.ts'

/** Which rows of a marked collection an edge carries. */
export type View = 'every' | Verdict

export function inView(verdict: Verdict, view: View): boolean {
  return view === 'every' || verdict === view
}
