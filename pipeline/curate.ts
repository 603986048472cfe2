import { writeAnalysisTable } from '../sinks/analysis-table.ts'
import { writeCsv } from '../sinks/csv.ts'
import { writeLedger } from '../sinks/decision-ledger.ts'
import { writeFailedRows } from '../sinks/failed-rows.ts'
import { writeFlatTable } from '../sinks/flat-table.ts'
import { writeJsonl } from '../sinks/jsonl.ts'
import { writeParquet } from '../sinks/parquet.ts'
import { readTraces } from '../sources/read-traces.ts'
import { analysisSchema } from '../transforms/analysis-schema.ts'
import { balanceLanguages } from '../transforms/balance/balance-languages.ts'
import { keepWithAgent } from '../transforms/filters/keep-with-agent.ts'
import { identifyRows } from '../transforms/parse/identify-rows.ts'
import { parseTrajectories } from '../transforms/parse/parse-trajectories.ts'
import { measurePatch } from '../transforms/patch/measure-patch.ts'
import { countLabels } from '../transforms/report/count-labels.ts'
import { countRows } from '../transforms/report/count-rows.ts'
import { countTokens } from '../transforms/tokens/count-tokens.ts'
import { measureToolUse } from '../transforms/tool-use/measure-tool-use.ts'
import { combineBy, outcomes, Pipeline } from './index.ts'
import { applyFilters } from './recipe/apply-filters.ts'
import { applyUserSinks, applyUserSteps, type LoadedRecipe } from './recipe/load-recipe.ts'

/**
 * The curation dataflow. Every row is measured, judged and recorded; the kept ones are written for the trainer.
 * Building it runs nothing: a runner takes it from here.
 */
export function curate(recipe: LoadedRecipe) {
  const { profile, compression, shardBytes } = recipe
  const columns = { ...analysisSchema, ...recipe.userColumns }
  const pipeline = new Pipeline(recipe.name)

  const measured = pipeline
    .apply(readTraces({ from: recipe.from, verifyWhole: recipe.verifyWhole }))
    .apply(identifyRows({}))
    .apply(parseTrajectories({}))
    .apply(countTokens({ encoding: recipe.encoding }))
    .apply(measurePatch({}))
    .apply(measureToolUse({}))
    .apply(applyUserSteps(recipe))

  const judged = measured.apply(applyFilters(recipe)).apply(keepWithAgent({}))
  const balanced = recipe.balance
    ? judged.apply(balanceLanguages({ policy: recipe.balance, seed: recipe.seed }))
    : judged
  const { every, measured: readable, kept, failed } = balanced.apply(outcomes)

  const writeTraining = recipe.format === 'parquet' ? writeParquet : writeJsonl
  kept.apply(writeTraining({ profile, compression, shardBytes }))
  kept.apply(applyUserSinks(recipe))
  failed.apply(writeFailedRows({}))
  every.apply(writeLedger({}))
  every.apply(writeAnalysisTable({ columns }))
  if (recipe.tables.csv) every.apply(writeCsv({ columns }))
  if (recipe.tables.table) every.apply(writeFlatTable({ columns }))

  return {
    pipeline,
    reports: {
      labels: readable.apply(combineBy('leaf', countLabels({}))),
      languagesBefore: readable.apply(combineBy('language', countRows({}))),
      languagesAfter: kept.apply(combineBy('language', countRows({}))),
      licenses: kept.apply(combineBy('license', countRows({}))),
      teacherModels: kept.apply(combineBy('teacher_model', countRows({}))),
    },
  }
}
