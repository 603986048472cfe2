import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { RowCount } from '../transforms/report/count-rows.ts'
import { curate } from './curate.ts'
import { type Counts, type Curation, NothingKeptError } from './curation.ts'
import { UsageError } from './errors.ts'
import { MANIFEST, writeManifest } from './ledger/manifest.ts'
import { RUN_RECORD, writeRunRecord } from './ledger/run-record.ts'
import type { LoadedRecipe } from './recipe/load-recipe.ts'
import { runDirect } from './runners/direct.ts'
import type { OnEvent } from './runners/events.ts'
import { runLocal } from './runners/local.ts'
import { WORK_DIRECTORY } from './worker/committer.ts'

export interface RunRecipeOptions {
  /** the output folder; made when it is missing */
  readonly directory: string
  /** replace what an earlier run left there */
  readonly fresh?: boolean
  readonly signal?: AbortSignal
  readonly onEvent?: OnEvent
}

/**
 * Runs a recipe and writes its output with manifest and run record. Throws UsageError when the folder holds an
 * earlier run's output, and NothingKeptError, with everything written, when no row was kept.
 */
export async function runRecipe(recipe: LoadedRecipe, options: RunRecipeOptions): Promise<Curation> {
  const directory = path.resolve(options.directory)
  if (!options.fresh) await refuseEarlierOutput(directory)
  const started = performance.now()
  const startedAt = new Date()
  const { pipeline, reports } = curate(recipe)
  const { measure, limit = null } = recipe
  const { signal, onEvent } = options
  const common = {
    directory,
    measure,
    limit,
    prepare: () => removeEarlierOutput(directory),
    ...(signal && { signal }),
    ...(onEvent && { onEvent }),
  }
  const run =
    recipe.runner === 'direct'
      ? await runDirect(pipeline, common)
      : await runLocal(pipeline, { ...common, ...(recipe.workers && { workers: recipe.workers }) })
  const languages = {
    before: run.elements(reports.languagesBefore),
    after: run.elements(reports.languagesAfter),
  }
  const curation: Curation = {
    tally: run.tallies.outcomes ?? { rows: 0, kept: 0, failed: 0, dropped: {} },
    tokens: { measured: tokensOf(languages.before), kept: tokensOf(languages.after) },
    languages,
    labels: run.elements(reports.labels),
    licenses: run.elements(reports.licenses),
    teacherModels: run.elements(reports.teacherModels),
    receipts: Object.values(run.receipts).flat(),
    seconds: (performance.now() - started) / 1000,
    run,
  }
  await writeManifest(directory, recipe, curation)
  await writeRunRecord(directory, curation, startedAt)
  if (curation.tally.kept === 0 && !recipe.allowEmpty) throw new NothingKeptError(curation)
  return curation
}

/** Everything that a run writes at the top of its folder. */
const OUTPUTS = ['data', 'analysis', 'ledger', 'failed', MANIFEST, RUN_RECORD, WORK_DIRECTORY]

async function refuseEarlierOutput(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const present = names.filter((name) => OUTPUTS.includes(name) && name !== WORK_DIRECTORY)
  if (present.length === 0) return
  throw new UsageError(
    `${directory} holds the output of an earlier run (${present.join(', ')}): choose another folder, or replace it with --fresh`,
  )
}

/** What is left of an earlier run that was killed, and, where the user wants it replaced, its output. */
async function removeEarlierOutput(directory: string): Promise<void> {
  for (const name of OUTPUTS) await rm(path.join(directory, name), { recursive: true, force: true })
}

function tokensOf(counts: Counts<RowCount>): number {
  return counts.reduce((sum, [, { tokens }]) => sum + tokens, 0)
}
