import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { PEERS_PYTHON } from './python.ts'

/**
 * How fast is the whole job, next to what else one would take for it? Everyone reads the same Parquet files, counts
 * every token exactly, reads every patch, applies the same five filters and writes the training set and a table; who
 * counts otherwise than the others voids the run. Sluice also measures what nobody else does, such as tool use.
 *
 *     node benchmarks/peers/run.ts [--files 4] [--rows 5000] [--kilobytes 94.5] [--codec snappy] [--rounds 3]
 *          [--encoding o200k_base] [--data FOLDER] [--only sluice,datatrove] [--own-step]
 *
 * With --own-step, pyarrow and Sluice also run a user's function over every line of every message.
 *
 * Contestants take turns, each in processes of its own, and the order changes with the round. Rates are of the steady
 * part: of peers, imports and loading of ranks are start-up; of Sluice, what comes before its sources are planned, while
 * its workers, their tables and the compiling of their code are in.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '4' },
    rows: { type: 'string', default: '5000' },
    kilobytes: { type: 'string', default: '94.5' },
    codec: { type: 'string', default: 'snappy' },
    rounds: { type: 'string', default: '3' },
    encoding: { type: 'string', default: 'o200k_base' },
    data: { type: 'string' },
    only: { type: 'string' },
    'own-step': { type: 'boolean', default: false },
  },
})

interface Outcome {
  readonly rows: number
  readonly kept: number
  readonly tokens: number
  readonly added: number
  readonly error_lines: number
  readonly seconds: number
  readonly start_up: number
  readonly peak_mb: number
}

const WORKERS = 2
const root = path.join(import.meta.dirname, '../..')
const data = values.data ?? generate()
const files = readdirSync(data, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.parquet'))
  .sort()
  .map((file) => path.join(data, file))
const encoder = createRequire(import.meta.url).resolve(`@dqbd/tiktoken/encoders/${values.encoding}.json`)

const ownStep = values['own-step'] ? ['--own-step'] : []

const inPython = (script: string, rest: (out: string) => readonly string[]) => (): Promise<Outcome> =>
  inFolder(async (out) => {
    const args = [path.join(import.meta.dirname, script), values.encoding, encoder, out, ...rest(out)]
    return JSON.parse(lastLine(run(PEERS_PYTHON, args))) as Outcome
  })

const contestants: Readonly<Record<string, () => Promise<Outcome>>> = {
  tutorial: inPython('tutorial.py', () => files),
  datatrove: inPython('datatrove_pipeline.py', () => [String(WORKERS), data]),
  'pyarrow + tiktoken': inPython('pyarrow_tiktoken.py', () => [String(WORKERS), ...ownStep, ...files]),
  sluice: () => sluice(['--measure', 'all']),
  'sluice, kept': () => sluice(['--measure', 'kept']),
}

const only =
  values.only?.split(',') ??
  (ownStep.length > 0 ? ['pyarrow + tiktoken', 'sluice'] : Object.keys(contestants))
const names = Object.keys(contestants).filter((name) => only.includes(name))
const outcomes = new Map<string, Outcome[]>(names.map((name) => [name, []]))
for (let round = 0; round < Number(values.rounds); round++)
  for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
    const outcome = await contestants[name]!()
    outcomes.get(name)!.push(outcome)
    console.error(`round ${round + 1}: ${name} ${rateOf(outcome).toFixed(0)} rows/s`)
  }
checkCounts()
printTable()

function sluice(flags: readonly string[]): Promise<Outcome> {
  return inFolder(async (out) => {
    const bin = path.join(root, 'pipeline/cli/sluice.js')
    const recipe = ['--encoding', values.encoding, '--workers', String(WORKERS), '--events', 'ndjson']
    const filters = ['--resolved', 'passed', '--max-tokens', '32000', '--require-patch']
    const bounds = [
      '--languages',
      'python,go,typescript',
      '--min-patch-lines',
      '1',
      '--max-patch-lines',
      '500',
    ]
    const recipeFile = ownStep.length > 0 ? [ownRecipe(out)] : []
    const args = [
      bin,
      'run',
      ...recipeFile,
      '--from',
      data,
      '--out',
      out,
      ...recipe,
      ...filters,
      ...bounds,
      ...flags,
    ]
    const started = performance.now()
    const { planned, done, ended } = await eventsOf(args)
    const record = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8'))
    const measured = flags.includes('all')
    return {
      rows: done.rows.in,
      kept: done.rows.kept,
      tokens: measured ? done.tokens : Number.NaN,
      added: measured ? sumOf(out, 'patch_added_lines') : Number.NaN,
      error_lines: ownStep.length > 0 ? sumOf(out, 'error_lines') : 0,
      seconds: (ended - planned) / 1000,
      start_up: (planned - started) / 1000,
      peak_mb: record.peak_resident_bytes / 1e6,
    }
  })
}

/** Rows a second. */
function rateOf({ rows, seconds }: Outcome): number {
  return rows / seconds
}

interface Events {
  /** when the sources were planned, in milliseconds */
  readonly planned: number
  /** the last event */
  readonly done: { readonly rows: { readonly in: number; readonly kept: number }; readonly tokens: number }
  readonly ended: number
}

/** Runs the command and notes when its events came. */
async function eventsOf(args: readonly string[]): Promise<Events> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let planned = 0
  let done: Events['done'] | null = null
  for await (const line of createInterface(child.stdout)) {
    const event = JSON.parse(line)
    if (event.event === 'planned') planned = performance.now()
    if (event.event === 'done') done = event
  }
  if (!done) throw new Error('sluice failed')
  return { planned, done, ended: performance.now() }
}

/** A recipe with the user's step, beside the output. */
function ownRecipe(out: string): string {
  const file = path.join(out, '../recipe.json')
  const step = path.join(import.meta.dirname, 'own-step.ts')
  writeFileSync(file, JSON.stringify({ from: [data], steps: [{ use: step }] }))
  return file
}

/** What a column of the analysis table comes to in all. */
function sumOf(out: string, column: string): number {
  const script =
    'import sys, pyarrow.parquet as p, pyarrow.compute as c; print(c.sum(p.read_table(sys.argv[1], columns=[sys.argv[2]])[0]).as_py())'
  return Number(
    run(PEERS_PYTHON, ['-c', script, path.join(out, 'analysis/trajectories-00000.parquet'), column]),
  )
}

function checkCounts(): void {
  for (const what of ['rows', 'kept', 'tokens', 'added', 'error_lines'] as const) {
    const found = new Set([...outcomes.values()].flat().map((outcome) => outcome[what]))
    found.delete(Number.NaN)
    if (found.size > 1) throw new Error(`the run is void: ${what} differ: ${[...found].join(', ')}`)
  }
}

function printTable(): void {
  const [any] = [...outcomes.values()].flat()
  const rate = (name: string) => median(outcomes.get(name)!.map(rateOf))
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
  console.log(
    `${any!.rows} rows in ${files.length} files (${values.codec}), ${any!.tokens} tokens (${values.encoding}), ${any!.kept} kept; medians of ${values.rounds} rounds, ${WORKERS} workers\n`,
  )
  const peers = names.filter((name) => !name.startsWith('sluice'))
  console.log(`| | rows/s | start-up s | peak MB | ${peers.map((name) => `× ${name}`).join(' | ')} |`)
  console.log(`| --- | --- | --- | --- | ${peers.map(() => '---').join(' | ')} |`)
  for (const name of names) {
    const all = outcomes.get(name)!
    // Ratios within a round: what else the machine does then hits both.
    const ratio = (peer: string) =>
      median(all.map((outcome, round) => rateOf(outcome) / rateOf(outcomes.get(peer)![round]!))).toFixed(1)
    const cells = [
      rate(name).toFixed(0),
      median(all.map(({ start_up }) => start_up)).toFixed(1),
      median(all.map(({ peak_mb }) => peak_mb)).toFixed(0),
      ...peers.map(ratio),
    ]
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
}

function generate(): string {
  const { files, rows, kilobytes, codec } = values
  const folder = path.join(tmpdir(), `sluice-traces-${files}x${rows}-${kilobytes}k-${codec}`)
  const script = path.join(import.meta.dirname, '../traces/generate.ts')
  const options = Object.entries({ files, rows, kilobytes, codec }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ])
  run(process.execPath, [script, '--out', folder, ...options], { SLUICE_PYTHON: PEERS_PYTHON })
  return folder
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    cwd: root,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
  })
  if (result.status !== 0)
    throw new Error(`${path.basename(args[0] ?? command)} failed: ${result.stderr.slice(-2000)}`)
  return result.stdout
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-peers-'))
  const out = path.join(folder, 'out')
  mkdirSync(out)
  try {
    return await work(out)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)!
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}
