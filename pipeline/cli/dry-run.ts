import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Job } from './curate-and-tell.ts'
import { drawDryRun } from './draw-dry-run.ts'
import { plannedLine } from './event-lines.ts'
import { openScreen } from './screen.ts'

/** Plans a run and says what it would do, without doing it. */
export async function dryRun(
  { recipe, folder, out, outAsTyped, fresh }: Job,
  { asEvents, signal }: { readonly asEvents: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const [{ loadRecipe }, { curate }, { makePlan }, { planSources, closeSources }] = await Promise.all([
    import('../recipe/load-recipe.ts'),
    import('../curate.ts'),
    import('../plan/make-plan.ts'),
    import('../runners/plan-sources.ts'),
  ])
  const { pipeline } = curate(await loadRecipe(recipe, folder))
  const plan = makePlan(pipeline, { measure: recipe.measure })
  const spool = await mkdtemp(path.join(tmpdir(), 'sluice-'))
  const planned = await planSources(pipeline, plan, { limit: recipe.limit ?? null, spool, signal }).finally(
    () => rm(spool, { recursive: true }),
  )
  await closeSources(planned.sources)
  const { leases, files, ignored } = planned
  const sources = { bundles: leases.flatMap(({ bundles }) => bundles), files, ignored }
  if (asEvents) {
    process.stdout.write(plannedLine(sources))
    return
  }
  const screen = openScreen(process.stdout)
  const outIsTaken = existsSync(path.join(out, 'manifest.json'))
  const pushTo = recipe.push?.to ?? null
  screen.write(drawDryRun({ sources, plan, pipeline, out: outAsTyped, outIsTaken, fresh, pushTo }, screen))
}
