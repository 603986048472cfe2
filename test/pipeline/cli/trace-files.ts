import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Rows of a tiny dataset, as the dataset spells them; `changes` replaces members of the row of that position. */
export function traceRows(count: number, changes: Readonly<Record<number, object>> = {}): object[] {
  return Array.from({ length: count }, (_, at) => ({
    trajectory_id: `row-${at}`,
    instance_id: `task-${at}`,
    repo: 'example/repo',
    license: 'MIT',
    language: at % 2 === 0 ? 'python' : 'go',
    resolved: 1,
    messages: [
      { role: 'user', content: `Please fix bug ${at}.` },
      { role: 'assistant', content: 'Done.' },
    ],
    ...changes[at],
  }))
}

/** Writes rows as JSON Lines. */
export async function writeRows(file: string, rows: readonly object[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}
