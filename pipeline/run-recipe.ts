import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { RowCount } from '../transforms/report/count-rows.ts'
import { curate } from './curate.ts'
import { type Counts, type Curation, NothingKeptError } from './curation.ts'
import type { SourceFile } from './graph/source.ts'
import { EarlierRun } from './ledger/earlier-run.ts'
import { MANIFEST, writeManifest } from './ledger/manifest.ts'
import { RUN_RECORD, writeRunRecord } from './ledger/run-record.ts'
import type { LoadedRecipe } from './recipe/load-recipe.ts'
import { runDirect } from './runners/direct.ts'
import type { OnEvent } from './runners/events.ts'
import { runLocal } from './runners/local.ts'
import type { RunResult } from './runners/run.ts'

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
  const earlier = EarlierRun.find(directory)
  if (!options.fresh) earlier.refuse()
  const started = performance.now()
  const startedAt = new Date()
  const { pipeline, reports } = curate(recipe)
  const { measure, limit = null } = recipe
  const { signal, onEvent } = options
  let curation: Curation | undefined
  const common = {
    directory,
    measure,
    limit,
    hash: true,
    check: (sources: readonly SourceFile[]) => earlier.spare(sources),
    replace: () => earlier.remove(),
    finish: async (run: RunResult) => {
      curation = curationOf(run, reports, (performance.now() - started) / 1000)
      await writeRecords(directory, recipe, curation, startedAt)
    },
    ...(signal && { signal }),
    ...(onEvent && { onEvent }),
  }
  if (recipe.runner === 'direct') await runDirect(pipeline, common)
  else await runLocal(pipeline, { ...common, ...(recipe.workers && { workers: recipe.workers }) })
  if (curation!.tally.kept === 0 && !recipe.allowEmpty) throw new NothingKeptError(curation!)
  return curation!
}

function curationOf(
  run: RunResult,
  reports: ReturnType<typeof curate>['reports'],
  seconds: number,
): Curation {
  const languages = {
    before: run.elements(reports.languagesBefore),
    after: run.elements(reports.languagesAfter),
  }
  return {
    tally: run.tallies.outcomes ?? { rows: 0, kept: 0, failed: 0, dropped: {} },
    tokens: { measured: tokensOf(languages.before), kept: tokensOf(languages.after) },
    languages,
    labels: run.elements(reports.labels),
    licenses: run.elements(reports.licenses),
    teacherModels: run.elements(reports.teacherModels),
    receipts: Object.values(run.receipts).flat(),
    seconds,
    run,
  }
}

/** The manifest comes last: where it stands, a run has come to its end. */
async function writeRecords(
  directory: string,
  recipe: LoadedRecipe,
  curation: Curation,
  startedAt: Date,
): Promise<void> {
  try {
    await writeRunRecord(directory, curation, startedAt)
    await writeManifest(directory, recipe, curation)
  } catch (error) {
    for (const name of [RUN_RECORD, MANIFEST]) await rm(path.join(directory, name), { force: true })
    throw error
  }
}

function tokensOf(counts: Counts<RowCount>): number {
  return counts.reduce((sum, [, { tokens }]) => sum + tokens, 0)
}
