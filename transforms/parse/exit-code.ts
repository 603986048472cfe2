import { openhandsFooters, returncode } from './observation.ts'

/** `[The command completed with exit code 0.]`, `[Command finished with exit code 0]`, `… 130. CTRL+C was sent.]` */
const FOOTER_CODE = 'with exit code '

/**
 * The exit code that the harness reports with an observation; null where it gives none, as SWE-agent does, and
 * as OpenHands does while a command still runs (its code -1). Only the ends of the text are read.
 * Sources: OpenHands' CmdOutputObservation, mini-swe-agent's observation template.
 */
export function exitCode(observation: string): number | null {
  const code = returncode(observation)
  if (code !== null) return code
  for (const footer of openhandsFooters(observation)) {
    const at = footer.indexOf(FOOTER_CODE)
    if (at < 0) continue
    const digits = Number.parseInt(footer.slice(at + FOOTER_CODE.length), 10)
    if (!Number.isNaN(digits)) return digits === -1 ? null : digits
  }
  return null
}
