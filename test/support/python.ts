import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/** A Python with some packages: how to run it, or why it can't be. */
type Python = { readonly skip: string } | PythonFound

export interface PythonFound {
  readonly skip: false
  run(script: string, ...args: string[]): string
  /** while this process goes on, for scripts that it serves */
  runAsync(script: string, more: Readonly<Record<string, string>>): Promise<string>
}

/** The Python that SLUICE_PYTHON names, or `python3`, when it can import the packages. */
export function pythonWith(...packages: string[]): Python {
  const program = process.env.SLUICE_PYTHON ?? 'python3'
  // Scripts can import the modules that lie beside this file.
  const env = { ...process.env, PYTHONPATH: import.meta.dirname, PYTHONDONTWRITEBYTECODE: '1' }
  const run = (script: string, args: readonly string[]) =>
    spawnSync(program, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 30, env })
  if (run(`import ${packages.join(', ')}`, []).status !== 0)
    return { skip: `${program} can't import ${packages.join(', ')}; SLUICE_PYTHON names another Python` }
  return {
    skip: false,
    run(script, ...args) {
      const { status, stdout, stderr } = run(script, args)
      if (status !== 0) throw new Error(stderr)
      return stdout
    },
    async runAsync(script, more) {
      const { stdout } = await promisify(execFile)(program, ['-c', script], { env: { ...env, ...more } })
      return stdout
    },
  }
}
