import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Bug, readBug } from './bug.ts'
import { leafFile, toOldRow } from './layout.ts'
import { proveBug, type Recording, record, recordingsOf } from './recording.ts'
import type { Row } from './row.ts'
import { missingProgram } from './toolbox.ts'

/**
 * Records the bundled sample anew: `node sources/sample/record/record.ts`. Proves every bug, executes every
 * run, writes `sources/sample/data/`. With `--dry-run` nothing is written; names limit it to these bugs
 * (which implies that). `--python` names an interpreter that has pyarrow.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean', default: false }, python: { type: 'string', default: 'python3' } },
})

const bugs = readBugs(positionals)
const lacking = bugs.filter((bug) => missingProgram(bug.needs))
for (const bug of lacking)
  console.error(`${bug.instanceId} can't be recorded here: this machine has no ${missingProgram(bug.needs)}`)

const rows: { recording: Recording; row: Row }[] = []
for (const bug of bugs) {
  if (lacking.includes(bug)) continue
  proveBug(bug)
  for (const recording of recordingsOf(bug)) {
    const row = record(recording)
    rows.push({ recording, row })
    console.log(
      [
        row.instance_id,
        recording.attempt.name,
        recording.take.harness,
        `${row.messages.length} messages`,
        `resolved ${row.resolved}`,
      ].join('  '),
    )
  }
}
// Half a sample must never replace a whole one.
if (lacking.length > 0) process.exitCode = 1
else if (!values['dry-run'] && positionals.length === 0) writeSample()

function readBugs(names: readonly string[]): Bug[] {
  const folder = new URL('bugs/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => names.length === 0 || names.includes(name.replace('.txtar', '')))
    .sort()
    .map((name) => readBug(new URL(name, folder)))
}

function writeSample(): void {
  const folder = fileURLToPath(new URL('../data/', import.meta.url))
  rmSync(folder, { recursive: true, force: true })
  let bytes = 0
  for (const [file, leaf] of Map.groupBy(rows, fileOf)) {
    const path = join(folder, file)
    const layout = isOld(leaf[0]!) ? 'old' : 'current'
    mkdirSync(dirname(path), { recursive: true })
    const input = leaf.map(({ row }) => JSON.stringify(layout === 'old' ? toOldRow(row) : row)).join('\n')
    const script = fileURLToPath(new URL('write_parquet.py', import.meta.url))
    const { status } = spawnSync(values.python, [script, layout, path], {
      input,
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    if (status !== 0) throw new Error(`${values.python} could not write ${file}: does it have pyarrow?`)
    bytes += statSync(path).size
    console.log(`${file}: ${leaf.length} rows`)
  }
  console.log(`${rows.length} rows, ${bytes} bytes`)
}

function fileOf(entry: { recording: Recording }): string {
  return leafFile(entry.recording.take.harness, isOld(entry) ? 'old' : 'current')
}

function isOld({ recording }: { recording: Recording }): boolean {
  return recording.take.marks.has('old-layout')
}
