export type { Batch, Origin } from './batch/batch.ts'
export { RowBatch } from './batch/batch.ts'
export type { Cell, ColumnSpec, ColumnType, ListColumn, NumberColumn, TextColumn } from './batch/columns.ts'
export type { Failure, Refusal, Verdict } from './batch/outcome.ts'
export { StaleRowError } from './batch/row.ts'
export * as schema from './batch/schema.ts'
export {
  CancelledError,
  PlanError,
  RowError,
  SluiceError,
  SourceError,
  StepError,
  UsageError,
  type Where,
} from './errors.ts'
export { ByteWriter } from './graph/byte-writer.ts'
export {
  type CombineFn,
  combineBy,
  combineGlobally,
  combinePerKey,
  defineCombine,
} from './graph/combine-fn.ts'
export { create } from './graph/create.ts'
export { type DoFn, defineDoFn, type Output, type Outputs, parDo, type Tag, tag } from './graph/do-fn.ts'
export { filter, flatMap, map, partition } from './graph/elementwise.ts'
export { flatten } from './graph/flatten.ts'
export type { StepMetrics } from './graph/metrics.ts'
export type { Dropped, Failed } from './graph/node.ts'
export { type ByOutcome, type FailedRow, outcomes } from './graph/outcomes.ts'
export { PCollection, Pipeline, type PTransform } from './graph/pipeline.ts'
export { defineSource } from './graph/read.ts'
export { defineSelection, type Selection, type SelectionRow } from './graph/selection.ts'
export type {
  Receipt,
  RowEncoder,
  SinkBundle,
  SinkContext,
  SinkDefinition,
  SinkWriter,
} from './graph/sink.ts'
export type {
  Bundle,
  PlanRequest,
  ReadRequest,
  Source,
  SourceContext,
  SourceFile,
  SourcePlan,
} from './graph/source.ts'
export {
  type BatchFace,
  type Measure,
  type RowFace,
  type SourcePosition,
  type StepContext,
  transient,
} from './graph/step.ts'
export type { Traffic, TrafficByFile } from './graph/traffic.ts'
export { defineFilter, defineTransform } from './graph/transform.ts'
export { defineSink, type Written } from './graph/write.ts'
export { makePlan } from './plan/make-plan.ts'
export type { Plan } from './plan/plan.ts'
export { runDirect } from './runners/direct.ts'
export type { OnEvent, RunEvent } from './runners/events.ts'
export { type LocalOptions, runLocal } from './runners/local.ts'
export type { RunOptions, RunResult, StepReport } from './runners/run.ts'
