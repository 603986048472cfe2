import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const venv = path.join(import.meta.dirname, '.venv')
const requirements = path.join(import.meta.dirname, 'requirements.txt')

/** The Python that has the peers: SLUICE_PEERS_PYTHON, or one that is made here the first time. */
export const PEERS_PYTHON = process.env.SLUICE_PEERS_PYTHON ?? install()

function install(): string {
  const python = path.join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (existsSync(python)) return python
  console.error(`installing the peers of ${path.basename(requirements)}`)
  execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' })
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], {
    stdio: 'inherit',
  })
  return python
}
