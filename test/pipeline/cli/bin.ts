import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../../../pipeline/cli/sluice.js', import.meta.url))
export const SAMPLE = fileURLToPath(new URL('../../../sources/sample/recipe.yaml', import.meta.url))
export const SAMPLE_DATA = fileURLToPath(new URL('../../../sources/sample/data', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface StartOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Stops reading the command's output before it begins. */
  readonly hangUp?: boolean
  /** Called with all that the error stream has said so far, whenever it says more. */
  onStderr?(soFar: string, kill: (signal: NodeJS.Signals) => void): void
}

/** Runs the real command as a process of its own. */
export function sluice(
  args: readonly string[],
  { cwd, env = {}, hangUp = false, onStderr }: StartOptions,
): Promise<Ended> {
  const { SLUICE_DEBUG, NO_COLOR, npm_lifecycle_event, ...inherited } = process.env
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...inherited, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onStderr?.(stderr, (signal) => child.kill(signal))
  })
  if (hangUp) child.stdout.destroy()
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
