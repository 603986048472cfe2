import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Options } from 'yargs'
import type { BenchReport } from '../bench/report.ts'
import { UsageError } from '../errors.ts'
import { type Arguments, recipeFlags } from './flags.ts'

const HOW = 'How to measure'
const RESULTS = 'What to do with it'

/** Flags of a run that say nothing to a measurement. */
function isOfRunsOnly(flag: string): boolean {
  return ['out', 'runner', 'allow-empty'].includes(flag) || /^push(-|$)/.test(flag)
}

export const DEFAULT_LIMIT = 1000

const ownFlags: Readonly<Record<string, Options>> = {
  stage: {
    nargs: 1,
    requiresArg: true,
    describe:
      'stages by their names in a dry run or parts of them, comma separated or repeated; all shows every one (those from 1 % on, and your own)',
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
    describe: 'folder for a CPU profile of each worker, in a round of its own; Chrome DevTools open them',
    group: RESULTS,
  },
}

/** What the figures mean, for the help. */
export const MANUAL = [
  'The pipeline runs as in `sluice run`, with the same threads, steps and sinks, but into temporary folders that are removed; only the hashes of the whole source files are left out. One round warms up; the others count. Processor time, objects made and bytes are measured in a round of their own, as measuring them takes time; the times come from rounds that do not.',
  'identity is a step that does nothing, put behind your own: what it takes is the floor. Bytes are those of the members that a step declares to read, and what it encodes. Made is what is allocated in the JavaScript heap, buffers left out. The limits are the best of some copies of 64 MB, and of some decompressions of pages of the first Parquet file. JSON Lines are decompressed by other threads, so that shows as waiting. On Linux times of stages leave out what other threads took by having the processors: in the workers it is known for each bundle, and taken from its stages in proportion; queued says how much it was.',
].join('\n\n')

/** The flags of a run that change what is measured, and those of a measurement; some names mean something else here. */
export function benchFlags(): Record<string, Options> {
  const ofRuns = Object.entries(recipeFlags()).filter(([name]) => !isOfRunsOnly(name))
  return { ...Object.fromEntries(ofRuns), ...ownFlags }
}

/** What the flags of a measurement ask for; null or empty where they are not given. */
export interface BenchWishes {
  readonly stages: readonly string[]
  readonly rounds: number | null
  readonly limit: number | null
  /** ascending, each once */
  readonly workers: readonly number[] | null
  /** the report of `--compare` and how its file was named */
  readonly before: { readonly report: BenchReport; readonly file: string } | null
  /** absolute, as are all paths here */
  readonly json: string | null
  readonly picture: string | null
  readonly profiles: string | null
}

/** Throws UsageError for a value that can't be used: nothing is measured first. */
export async function readWishes(argv: Arguments): Promise<BenchWishes> {
  return {
    stages: [argv.stage ?? []].flat().flatMap((words) => String(words).split(',')),
    rounds: numberOf(argv, 'rounds'),
    limit: numberOf(argv, 'limit'),
    workers: argv.workers === undefined ? null : numbersOf(String(argv.workers)),
    before: argv.compare === undefined ? null : await earlierReport(String(argv.compare)),
    json: resultFile(argv, 'json'),
    picture: resultFile(argv, 'picture'),
    profiles: argv.profile === undefined ? null : await profileFolder(String(argv.profile)),
  }
}

/** The arguments that stand for members of the recipe. */
export function recipeArguments(argv: Arguments): Arguments {
  const others = Object.entries(argv).filter(([name]) => !(name in ownFlags))
  return Object.fromEntries(others) as unknown as Arguments
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

function numbersOf(words: string): number[] {
  const numbers = new Set(words.split(',').map((word) => wholeNumber(word, 'workers')))
  return [...numbers].sort((a, b) => a - b)
}

function resultFile(argv: Arguments, flag: 'json' | 'picture'): string | null {
  if (argv[flag] === undefined) return null
  const file = path.resolve(String(argv[flag]))
  if (existsSync(file) && statSync(file).isDirectory())
    throw new UsageError(`--${flag}: ${argv[flag]} is a folder, and a file is needed`)
  return file
}

/** In a run the flag of that name is the form of the training rows. */
async function profileFolder(name: string): Promise<string> {
  const { PROFILE_NAMES } = await import('../../transforms/emit/profiles.ts')
  if (PROFILE_NAMES.some((profile) => profile === name))
    throw new UsageError(
      `--profile: here it is a folder for CPU profiles; the form of the training rows is the recipe's member 'profile: ${name}'`,
    )
  return path.resolve(name)
}

async function earlierReport(file: string): Promise<NonNullable<BenchWishes['before']>> {
  const { benchReport } = await import('../bench/report.ts')
  const refuse = (why: string, cause: unknown): never => {
    throw new UsageError(`--compare: ${file} ${why}`, { cause })
  }
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path.resolve(file), 'utf8'))
  } catch (cause) {
    return refuse(`can't be read as JSON: ${(cause as Error).message}`, cause)
  }
  const read = benchReport.safeParse(json)
  if (read.success) return { report: read.data, file }
  const { path: at, message } = read.error.issues[0]!
  return refuse(`is not what --json writes: ${at.join('.') || 'the whole'}: ${message}`, read.error)
}
