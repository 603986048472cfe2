/** Writes the README's generated sections: run it with --write after changing what they are made from. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EXIT_CODES } from '../../pipeline/cli/exit-codes.ts'
import { analysisSchema } from '../../transforms/analysis-schema.ts'

const README = fileURLToPath(new URL('../../README.md', import.meta.url))

const SECTIONS: Readonly<Record<string, () => string>> = {
  columns: columnsTable,
  'exit-codes': exitCodesTable,
}

/** The README as it is, and as it should be. */
export function readmeTexts(): { readonly present: string; readonly current: string } {
  const present = readFileSync(README, 'utf8')
  let current = present
  for (const [name, render] of Object.entries(SECTIONS)) {
    const start = `<!-- ${name}: written by npm run readme -->\n`
    const end = `<!-- /${name} -->`
    const from = current.indexOf(start)
    const to = current.indexOf(end, from)
    if (from < 0 || to < 0) throw new Error(`README.md has no section '${name}'`)
    current = current.slice(0, from + start.length) + render() + current.slice(to)
  }
  return { present, current }
}

function columnsTable(): string {
  const rows = Object.entries(analysisSchema).map(([name, { type, unit, doc }]) => [
    `\`${name}\``,
    type,
    unit,
    doc,
  ])
  return table(['column', 'type', 'unit', 'meaning'], rows)
}

function exitCodesTable(): string {
  return table(['exit code', 'meaning'], Object.entries(EXIT_CODES))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return `\n${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}\n`
}

if (process.argv.includes('--write')) writeFileSync(README, readmeTexts().current)
