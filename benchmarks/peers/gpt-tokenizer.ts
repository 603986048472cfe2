import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const here = import.meta.dirname

/** Counts tokens with gpt-tokenizer, which is installed here the first time. */
export async function openGptTokenizer(encoding: string): Promise<(text: string) => number> {
  if (!existsSync(path.join(here, 'node_modules/gpt-tokenizer'))) {
    console.error('installing the peers of package.json')
    execSync('npm ci --no-audit --no-fund', { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const name = `gpt-tokenizer/encoding/${encoding}`
  const { countTokens } = (await import(name)) as { countTokens(text: string, options: object): number }
  return (text) => countTokens(text, { disallowedSpecial: new Set() })
}
