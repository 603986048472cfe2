import type { TextEnds } from '../../pipeline/batch/batch.ts'
import { footersOfTail, openhandsFooters, returncode, returncodeOfHead } from './observation.ts'

/** `[The command completed with exit code 0.]`, `[Command finished with exit code 0]`, `… 130. CTRL+C was sent.]` */
const FOOTER_CODE = 'with exit code '

/**
 * The exit code that the harness reports with an observation; null where it gives none, as SWE-agent does, and
 * as OpenHands does while a command still runs (its code -1). Only the ends of the text are read.
 * Sources: OpenHands' CmdOutputObservation, mini-swe-agent's observation template.
 */
export function exitCode(observation: string): number | null {
  return returncode(observation) ?? codeIn(openhandsFooters(observation))
}

/** The same by the ends of an observation, with a head of 64 characters at least; undefined where they don't tell. */
export function exitCodeOfEnds({ head, tail }: TextEnds): number | null | undefined {
  const code = returncodeOfHead(head)
  if (code !== null) return code
  const footers = footersOfTail(tail)
  return footers ? codeIn(footers) : undefined
}

function codeIn(footers: readonly string[]): number | null {
  for (const footer of footers) {
    const at = footer.indexOf(FOOTER_CODE)
    if (at < 0) continue
    const digits = Number.parseInt(footer.slice(at + FOOTER_CODE.length), 10)
    if (!Number.isNaN(digits)) return digits === -1 ? null : digits
  }
  return null
}
