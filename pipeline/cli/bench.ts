import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { CommandModule } from 'yargs'
import { PROFILE_NAMES } from '../../transforms/emit/profiles.ts'
import type { BenchReport } from '../bench/report.ts'
import { CancelledError, UsageError } from '../errors.ts'
import { type Arguments, flagValues, recipeFlags, refuseMore, withFlags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { openScreen, type Screen } from './screen.ts'

const HOW = 'How to measure'
const RESULTS = 'What to do with it'

/** Flags of a run that say nothing to a measurement. */
const OF_RUNS_ONLY = ['out', 'runner', 'allow-empty']

const DEFAULT_LIMIT = 1000

const ownFlags = {
  stage: {
    array: true,
    requiresArg: true,
    describe:
      'a stage by its name in a dry run, or a part of it; repeatable; all shows every one (those from 1 % on, and your own)',
    group: HOW,
  },
  limit: {
    nargs: 1,
    requiresArg: true,
    describe: `rows to read in each round (${DEFAULT_LIMIT}, or what the recipe says)`,
    group: HOW,
  },
  rounds: {
    nargs: 1,
    requiresArg: true,
    describe: 'rounds that count, for each number of workers (5, and more of small data: up to 25)',
    group: HOW,
  },
  workers: {
    nargs: 1,
    requiresArg: true,
    describe:
      'numbers of workers, comma separated; stages are measured with the fewest (1 and the processors that the process may use)',
    group: HOW,
  },
  json: { nargs: 1, requiresArg: true, describe: 'file for all that was measured, as JSON', group: RESULTS },
  picture: { nargs: 1, requiresArg: true, describe: 'file for a picture, as SVG', group: RESULTS },
  compare: {
    nargs: 1,
    requiresArg: true,
    describe: 'a file that --json wrote: sets the two beside each other, with confidence intervals',
    group: RESULTS,
  },
  profile: {
    nargs: 1,
    requiresArg: true,
    describe: 'folder for a CPU profile of each worker, in one more round; Chrome DevTools open them',
    group: RESULTS,
  },
}

/** `sluice bench`: measures every stage of a recipe's pipeline. */
export const benchCommand: CommandModule = {
  command: 'bench [recipe]',
  describe: 'measure each stage of a recipe, your own steps included, on its data',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('recipe', { describe: 'a recipe in YAML; without one, the flags are the recipe' })
        .example('sluice bench recipe.yaml', 'what takes how long, what bounds it, how it scales')
        .example('sluice bench recipe.yaml --stage tokens --stage parse', 'two stages alone')
        .example('sluice bench recipe.yaml --json before.json', 'saved, and after a change:')
        .example('sluice bench recipe.yaml --compare before.json', 'what became faster, what slower')
        .epilogue(MANUAL),
      { ...measuredFlags(), ...ownFlags },
    ),
  handler: (argv) => bench(argv as unknown as Arguments),
}

const MANUAL = [
  'The pipeline runs as in `sluice run`, with the same threads, steps and sinks, but into temporary folders that are removed. One round warms up; the others count. Processor time, objects made and bytes are measured in a round of their own, as measuring them takes time; the times come from rounds that do not.',
  'identity is a step that does nothing, put behind your own: what it takes is the floor. Bytes are those of the members that a step declares to read, and what it encodes. Made is what is allocated in the JavaScript heap, buffers left out. The limits are the best of some copies of 64 MB, and of some decompressions of pages of the first Parquet file. JSON Lines are decompressed by other threads, so that shows as waiting.',
].join('\n\n')

/** The flags of a run that change what is measured; some names mean something else here. */
function measuredFlags(): ReturnType<typeof recipeFlags> {
  const others = new Set([...OF_RUNS_ONLY, ...Object.keys(ownFlags)])
  return Object.fromEntries(Object.entries(recipeFlags()).filter(([name]) => !others.has(name)))
}

/** The arguments without those that a run has by the same name. */
function recipeArguments(argv: Arguments): Arguments {
  const others = Object.entries(argv).filter(([name]) => !(name in ownFlags))
  return Object.fromEntries(others) as unknown as Arguments
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
  const workingDirectory = process.cwd()
  const [{ readRecipe }, { loadRecipe }, { measureRecipe, stageNames }, { chooseStages }] = await Promise.all(
    [
      import('../recipe/read-recipe.ts'),
      import('../recipe/load-recipe.ts'),
      import('../bench/measure-recipe.ts'),
      import('../bench/choose-stages.ts'),
    ],
  )
  // What is wrong with any argument shows before anything is measured.
  const rounds = numberOf(argv, 'rounds')
  const limit = numberOf(argv, 'limit')
  const before = await earlierReport(argv.compare)
  const files = {
    json: resultFile(argv.json, 'json'),
    picture: resultFile(argv.picture, 'picture'),
    profiles: profileFolder(argv.profile),
  }
  const { recipe, folder } = readRecipe({
    file: argv.recipe as string | undefined,
    flags: flagValues(recipeArguments(argv)),
    workingDirectory,
  })
  const workers = workersOf(argv, recipe.workers ?? availableParallelism())
  process.chdir(folder)
  const loaded = await loadRecipe(recipe, folder)
  const chosen = chooseStages([argv.stage ?? []].flat().map(String), stageNames(loaded))
  const report = await measureRecipe(loaded, {
    workers,
    rounds,
    limit: limit ?? recipe.limit ?? DEFAULT_LIMIT,
    profiles: files.profiles,
    signal,
    onPart: (name) => part.show(name),
  })
  part.clear()
  if (files.json) write(files.json, `${JSON.stringify(report, null, 2)}\n`)
  if (files.picture) {
    const { drawPicture } = await import('../bench/picture/draw-picture.ts')
    write(files.picture, drawPicture(report, chosen))
  }
  await tell(report, { before, compared: String(argv.compare), chosen })
}

interface Told {
  readonly before: BenchReport | null
  /** the earlier report's file as it was named */
  readonly compared: string
  readonly chosen: ReadonlySet<string> | null
}

async function tell(report: BenchReport, { before, compared, chosen }: Told): Promise<void> {
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
  const options = { screen, file: compared, isShown: (name: string) => shown.has(name) }
  screen.write(`\n${drawComparison(compare(before, report), options)}`)
}

/** A whole number from 1 that a flag gives; null without the flag. */
function numberOf(argv: Arguments, flag: string): number | null {
  if (argv[flag] === undefined) return null
  return wholeNumber(String(argv[flag]), flag)
}

function wholeNumber(word: string, flag: string): number {
  const number = Number(word)
  if (!/^\d+$/.test(word.trim()) || number < 1)
    throw new UsageError(`--${flag}: found '${word}', allowed is a whole number from 1`)
  return number
}

/** Ascending, each once. */
function workersOf(argv: Arguments, most: number): number[] {
  const words = argv.workers === undefined ? ['1', String(most)] : String(argv.workers).split(',')
  const numbers = new Set(words.map((word) => wholeNumber(word, 'workers')))
  return [...numbers].sort((a, b) => a - b)
}

function resultFile(value: unknown, flag: string): string | null {
  if (value === undefined) return null
  const file = path.resolve(String(value))
  if (existsSync(file) && statSync(file).isDirectory())
    throw new UsageError(`--${flag}: ${value} is a folder, and a file is needed`)
  return file
}

/** In a run the flag of that name is the form of the training rows. */
function profileFolder(value: unknown): string | null {
  if (value === undefined) return null
  const name = String(value)
  if (PROFILE_NAMES.some((profile) => profile === name))
    throw new UsageError(
      `--profile: here it is a folder for CPU profiles; the form of the training rows is the recipe's member 'profile: ${name}'`,
    )
  return path.resolve(name)
}

async function earlierReport(value: unknown): Promise<BenchReport | null> {
  if (value === undefined) return null
  const { benchReport } = await import('../bench/report.ts')
  const refuse = (why: string, cause: unknown): never => {
    throw new UsageError(`--compare: ${value} ${why}`, { cause })
  }
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path.resolve(String(value)), 'utf8'))
  } catch (cause) {
    return refuse(`can't be read as JSON: ${(cause as Error).message}`, cause)
  }
  const read = benchReport.safeParse(json)
  if (read.success) return read.data
  const { path: at, message } = read.error.issues[0]!
  return refuse(`is not what --json writes: ${at.join('.') || 'the whole'}: ${message}`, read.error)
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Says what is being measured: on a terminal in one line that is gone when it is over, elsewhere line by line. */
class PartLine {
  readonly #screen: Screen
  #isShown = false

  constructor(screen: Screen) {
    this.#screen = screen
  }

  show(part: string): void {
    this.clear()
    this.#screen.write(this.#screen.isTerminal ? `measuring: ${part}` : `measuring: ${part}\n`)
    this.#isShown = this.#screen.isTerminal
  }

  clear(): void {
    if (this.#isShown) this.#screen.write('\r\x1b[K')
    this.#isShown = false
  }
}
