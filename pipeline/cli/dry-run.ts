import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Pipeline } from '../graph/pipeline.ts'
import type { SourcePlan } from '../graph/source.ts'
import type { Job } from './curate-and-tell.ts'
import { drawDryRun } from './draw-dry-run.ts'
import { plannedLine } from './event-lines.ts'
import { openScreen } from './screen.ts'

/** Plans a run and says what it would do, without doing it. */
export async function dryRun(
  { recipe, folder, out, outAsTyped, fresh }: Job,
  { asEvents, signal }: { readonly asEvents: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const [{ loadRecipe }, { curate }, { makePlan }] = await Promise.all([
    import('../recipe/load-recipe.ts'),
    import('../curate.ts'),
    import('../plan/make-plan.ts'),
  ])
  const { pipeline } = curate(await loadRecipe(recipe, folder))
  const plan = makePlan(pipeline, { measure: recipe.measure })
  const sources = await planSources(pipeline, { limit: recipe.limit ?? null, signal })
  if (asEvents) {
    process.stdout.write(plannedLine(sources))
    return
  }
  const screen = openScreen(process.stdout)
  const outIsTaken = existsSync(path.join(out, 'manifest.json'))
  screen.write(drawDryRun({ sources, plan, pipeline, out: outAsTyped, outIsTaken, fresh }, screen))
}

/** What a run would read. */
async function planSources(
  pipeline: Pipeline,
  { limit, signal }: { readonly limit: number | null; readonly signal: AbortSignal },
): Promise<SourcePlan> {
  const plans: SourcePlan[] = []
  let left = limit
  for (const { operation } of pipeline.nodes) {
    if (operation.kind !== 'read') continue
    const source = operation.open()
    try {
      const plan = await source.plan({ limit: left, signal })
      plans.push(plan)
      if (left !== null) left -= plan.bundles.reduce((sum, { rows }) => sum + rows, 0)
    } finally {
      await source.close()
    }
  }
  return {
    bundles: plans.flatMap(({ bundles }) => bundles),
    files: plans.flatMap(({ files }) => files),
    ignored: plans.flatMap(({ ignored }) => ignored),
  }
}
