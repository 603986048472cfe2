import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { NothingKeptError } from '../../../../pipeline/curation.ts'
import { SluiceError } from '../../../../pipeline/errors.ts'
import { loadRecipe } from '../../../../pipeline/recipe/load-recipe.ts'
import { recipeSchema } from '../../../../pipeline/recipe/recipe.ts'
import { runRecipe } from '../../../../pipeline/run-recipe.ts'
import { sampleDirectory } from '../../../../sources/sample/sample.ts'
import { FakeHub } from '../../../support/fake-hub/fake-hub.ts'

/** What became of a run that was disturbed. */
export type Outcome =
  /** the bytes that an undisturbed run writes */
  | 'equal'
  /** it ended with an error that says what the Hub did, and wrote nothing */
  | 'refused'
  /** rows at fault are failed rows, the others are right */
  | 'reported'
  /** other bytes, or an error that is a bug */
  | 'wrong'

export interface Trial {
  readonly outcome: Outcome
  /** what the run said, where it did not end well */
  readonly said: string
  /** where it wrote */
  readonly directory: string
}

export const TOKEN = 'hf_thisisthecanary'
export const PLAIN = 'me/plain'
const CHECKED = 'me/checked'
const LINES = 'me/lines'

/** Parts of the data: what has no checksums, what has one in every page, and lines. */
export const PARTS = {
  plain: `hf://datasets/${PLAIN}@main`,
  checked: `hf://datasets/${CHECKED}@main`,
  lines: `hf://datasets/${LINES}@main`,
} as const
export const ALL = Object.values(PARTS)

interface TrialOptions {
  readonly from: readonly string[]
  readonly verifyWhole?: boolean
  /** kept: filters judge before the rest of a row is read */
  readonly measure?: 'all' | 'kept'
}

/** A Hub that can be disturbed, with rows of the sample, and runs over it in this process. */
export class Rig {
  readonly hub: FakeHub
  /** another server, which no token is for */
  readonly elsewhere: FakeHub
  readonly #folder: string
  readonly #undisturbed = new Map<string, { readonly hash: string; readonly rows: number }>()
  #runs = 0

  private constructor(folder: string, hub: FakeHub, elsewhere: FakeHub) {
    this.#folder = folder
    this.hub = hub
    this.elsewhere = elsewhere
  }

  static async open(): Promise<Rig> {
    const folder = mkdtempSync(path.join(tmpdir(), 'sluice-faults-'))
    const sample = (harness: string) =>
      path.join(sampleDirectory.pathname, harness, 'scripted_v1/small-bugs/train-00000-of-00001.parquet')
    const made = (name: string) => {
      mkdirSync(path.join(folder, name, 'data'), { recursive: true })
      return path.join(folder, name, 'data')
    }
    copyFileSync(sample('sweagent'), path.join(made('plain'), 'train.parquet'))
    for (const [harness, format, name] of [
      ['openhands', 'parquet', 'checked'],
      ['minisweagent', 'jsonl', 'lines'],
    ] as const) {
      await run({ from: [sample(harness)], format }, path.join(folder, 'made', name))
      const bytes = readFileSync(path.join(folder, 'made', name, `data/train-00000.${format}`))
      if (format === 'parquet') writeFileSync(path.join(made(name), 'train.parquet'), bytes)
      else writeFileSync(path.join(made(name), 'train.jsonl.gz'), gzipSync(bytes))
    }
    copyFileSync(sample('openhands'), path.join(made('moved'), 'train.parquet'))
    const hub = await FakeHub.start({
      token: TOKEN,
      datasets: Object.fromEntries(
        [PLAIN, CHECKED, LINES].map((name) => [name, { main: path.join(folder, name.split('/')[1]!) }]),
      ),
    })
    const elsewhere = await FakeHub.start({ datasets: {} })
    Object.assign(process.env, {
      HF_ENDPOINT: hub.endpoint,
      HF_HOME: path.join(folder, 'home'),
      HF_TOKEN: TOKEN,
      HF_HUB_DOWNLOAD_TIMEOUT: '0.4',
    })
    return new Rig(folder, hub, elsewhere)
  }

  /** Runs once undisturbed, for the first of the same options, and once as the Hub's faults will have it. */
  async try(options: TrialOptions, disturb: () => void): Promise<Trial> {
    const key = JSON.stringify(options)
    let expected = this.#undisturbed.get(key)
    if (!expected) {
      const directory = this.#next()
      await run(options, directory)
      expected = { hash: hashOf(directory), rows: rowsOf(directory).in }
      this.#undisturbed.set(key, expected)
    }
    this.hub.seen.length = 0
    this.elsewhere.seen.length = 0
    disturb()
    const directory = this.#next()
    try {
      await run(options, directory)
      if (hashOf(directory) === expected.hash) return { outcome: 'equal', said: '', directory }
      const { in: all, kept, dropped, failed } = rowsOf(directory)
      const isWhole = all === expected.rows && kept + dropped + failed === all
      return {
        outcome: isWhole && failed > 0 ? 'reported' : 'wrong',
        said: `${failed} failed of ${all} rows`,
        directory,
      }
    } catch (error) {
      // Every row is a failed row: what is written says so.
      if (error instanceof NothingKeptError && rowsOf(directory).failed > 0)
        return { outcome: 'reported', said: error.message, directory }
      const isClear = error instanceof SluiceError && error.code === 'SOURCE_UNREADABLE'
      const left = readdirSync(path.dirname(directory)).includes(path.basename(directory))
      return { outcome: isClear && !left ? 'refused' : 'wrong', said: String(error), directory }
    } finally {
      this.hub.faults.clear()
    }
  }

  /** The branch of the plain part stands for other files from now on. */
  moveBranch(): void {
    this.hub.push(PLAIN, 'main', path.join(this.#folder, 'moved'))
  }

  moveBranchBack(): void {
    this.hub.push(PLAIN, 'main', path.join(this.#folder, 'plain'))
  }

  async close(): Promise<void> {
    await this.hub.close()
    await this.elsewhere.close()
    rmSync(this.#folder, { recursive: true })
  }

  #next(): string {
    return path.join(this.#folder, `out-${this.#runs++}`)
  }
}

async function run(given: TrialOptions & { readonly format?: string }, directory: string): Promise<void> {
  const recipe = recipeSchema.parse({
    ...given,
    runner: 'direct',
    tables: { csv: false },
    filters: [{ resolved: 'passed' }],
  })
  await runRecipe(await loadRecipe(recipe, '.'), { directory })
}

/** Everything that must not depend on what happened on the way. */
function hashOf(directory: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(directory, name)
    if (name !== 'run.json' && statSync(file).isFile()) hash.update(name).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function rowsOf(directory: string): { in: number; kept: number; dropped: number; failed: number } {
  const { rows } = JSON.parse(readFileSync(path.join(directory, 'manifest.json'), 'utf8'))
  const dropped = Object.values(rows.dropped as Record<string, number>).reduce((sum, some) => sum + some, 0)
  return { ...rows, dropped }
}
