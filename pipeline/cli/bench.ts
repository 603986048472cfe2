import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { CommandModule } from 'yargs'
import type { BenchReport } from '../bench/report.ts'
import { CancelledError } from '../errors.ts'
import {
  type BenchWishes,
  benchFlags,
  DEFAULT_LIMIT,
  MANUAL,
  readWishes,
  recipeArguments,
} from './bench-flags.ts'
import { type Arguments, flagValues, refuseMore, withFlags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { PartLine } from './part-line.ts'
import { openScreen } from './screen.ts'

/** `sluice bench`: measures every stage of a recipe's pipeline. */
export const benchCommand: CommandModule = {
  command: 'bench [recipe]',
  describe: 'measure each stage of a recipe, your own steps included, on its data',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('recipe', { describe: 'a recipe in YAML; without one, the flags are the recipe' })
        .example('sluice bench recipe.yaml', 'what takes how long, what bounds it, how it scales')
        .example('sluice bench recipe.yaml --stage tokens,parse', 'two stages alone')
        .example('sluice bench recipe.yaml --json before.json', 'saved, and after a change:')
        .example('sluice bench recipe.yaml --compare before.json', 'what became faster, what slower')
        .epilogue(MANUAL),
      benchFlags(),
    ),
  handler: (argv) => bench(argv as unknown as Arguments),
}

async function bench(argv: Arguments): Promise<void> {
  refuseMore(argv, 'bench takes one recipe; several sources go behind --from')
  const notes = openScreen(process.stderr)
  const part = new PartLine(notes)
  const interrupt = new Interrupt((signal) => {
    part.clear()
    notes.write(`${signal}: cleaning up; once more to stop at once\n`)
  })
  try {
    await measureAndTell(argv, interrupt.signal, part)
  } catch (error) {
    if (interrupt.caught !== null)
      throw new CancelledError(`stopped by ${interrupt.caught}; nothing was written`, {
        cause: interrupt.caught,
      })
    throw error
  } finally {
    part.clear()
    interrupt.stop()
  }
}

async function measureAndTell(argv: Arguments, signal: AbortSignal, part: PartLine): Promise<void> {
  const [{ readRecipe }, { loadRecipe }, { measureRecipe, stageNames }, { chooseStages }] = await Promise.all(
    [
      import('../recipe/read-recipe.ts'),
      import('../recipe/load-recipe.ts'),
      import('../bench/measure-recipe.ts'),
      import('../bench/choose-stages.ts'),
    ],
  )
  const wishes = await readWishes(argv)
  const { recipe, folder } = readRecipe({
    file: argv.recipe as string | undefined,
    flags: flagValues(recipeArguments(argv)),
    workingDirectory: process.cwd(),
  })
  process.chdir(folder)
  const loaded = await loadRecipe(recipe, folder)
  const chosen = chooseStages(wishes.stages, stageNames(loaded))
  const report = await measureRecipe(loaded, {
    workers: wishes.workers ?? usualWorkers(recipe.workers ?? availableParallelism()),
    rounds: wishes.rounds,
    limit: wishes.limit ?? recipe.limit ?? DEFAULT_LIMIT,
    profiles: wishes.profiles,
    signal,
    onPart: (name) => part.show(name),
  })
  part.clear()
  await save(report, wishes, chosen)
  await tell(report, wishes, chosen)
}

function usualWorkers(most: number): number[] {
  return most > 1 ? [1, most] : [1]
}

/** Names of the stages that were asked for; null when none was. */
type Chosen = ReadonlySet<string> | null

async function save(report: BenchReport, { json, picture }: BenchWishes, chosen: Chosen): Promise<void> {
  if (json) write(json, `${JSON.stringify(report, null, 2)}\n`)
  if (!picture) return
  const { drawPicture } = await import('../bench/picture/draw-picture.ts')
  write(picture, drawPicture(report, chosen))
}

async function tell(report: BenchReport, { before }: BenchWishes, chosen: Chosen): Promise<void> {
  const screen = openScreen(process.stdout)
  const { drawBench } = await import('./draw-bench.ts')
  screen.write(drawBench(report, { screen, chosen }))
  if (!before) return
  const [{ isShown }, { compare }, { drawComparison }] = await Promise.all([
    import('../bench/choose-stages.ts'),
    import('../bench/compare.ts'),
    import('./draw-comparison.ts'),
  ])
  const shown = new Set(report.stages.filter((stage) => isShown(stage, chosen)).map(({ name }) => name))
  const options = { screen, file: before.file, isShown: (name: string) => shown.has(name) }
  screen.write(`\n${drawComparison(compare(before.report, report), options)}`)
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}
