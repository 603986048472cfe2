import { readFileSync } from 'node:fs'
import type { Argv, Options } from 'yargs'
import { closestWord } from '../closest-word.ts'
import { UsageError } from '../errors.ts'
import { type FlagGroup, type FlagValues, RECIPE_FLAGS, schemaOfFlag } from '../recipe/recipe-flags.ts'
import type { JsonSchema } from '../recipe/recipe-json-schema.ts'

/** What yargs hands to a command. */
export type Arguments = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] }

const HEADINGS: Readonly<Record<FlagGroup, string>> = {
  Read: 'What to read',
  Keep: 'What to keep: a filter runs only if its flag is given, or the recipe has it and no --no-FLAG takes it out',
  Write: 'What to write',
  Run: 'How to run',
}

/** The flags that stand for members of a recipe, described by the recipe's published schema. */
export function recipeFlags(): Record<string, Options> {
  const file = new URL('../recipe/recipe.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as JsonSchema
  return Object.fromEntries(
    Object.entries(RECIPE_FLAGS).map(([name, flag]): [string, Options] => {
      const part = schemaOfFlag(flag, schema)
      const describe = SAID_OTHERWISE[name] ?? manualOf(part)
      const common = { describe, group: HEADINGS[flag.group] }
      if (part.type === 'boolean') return [name, { ...common, boolean: true }]
      if (part.type === 'array' && flag.isPath) return [name, { ...common, array: true, requiresArg: true }]
      return [name, { ...common, ...completing(part.enum ?? []), nargs: 1, requiresArg: true }]
    }),
  )
}

/**
 * Choices for yargs to complete. Elsewhere it is not told of them: what it says of a wrong one would not look like
 * what we say of a wrong value.
 */
export function completing(choices: readonly unknown[]): Pick<Options, 'choices'> {
  return choices.length > 0 && process.argv.includes('--get-yargs-completions')
    ? { choices: choices.map(String) }
    : {}
}

/** Where a flag is not used as the recipe's member is. */
const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  from: 'files, globs or folders of Parquet or JSON Lines, or hf://datasets/OWNER/NAME@REVISION/PATH; every path up to the next flag, and repeatable',
  out: 'output folder (out)',
  'max-share': 'the largest share of the kept rows that one language may have',
  csv: 'also write the analysis table as CSV; --no-csv for not',
}

function manualOf({ type, description, default: otherwise, enum: words }: JsonSchema): string {
  const choice = words && words.length > 1 ? `: ${words.join(', ')}` : ''
  const list = type === 'array' ? ', comma separated or repeated' : ''
  const usual = otherwise === undefined || otherwise === false ? '' : ` (${otherwise})`
  return `${description}${choice}${list}${usual}`
}

/**
 * Takes a command's own flags, and refuses all others with the one that was probably meant. `positionals` are those of
 * this command alone.
 */
export function withFlags<T>(
  yargs: Argv<T>,
  own: Readonly<Record<string, Options>>,
  positionals: readonly string[] = [],
): Argv<T> {
  const known = new Set([...Object.keys(own), ...EVERYWHERE])
  return yargs.options(withoutValues(own)).check((argv) => {
    const given = argv as unknown as Arguments
    const positional = new Set(['_', '$0', ...POSITIONALS, ...positionals])
    for (const name of Object.keys(given)) {
      if (known.has(name) || positional.has(name)) continue
      const near = closestWord(name, known)
      throw new UsageError(
        `there is no flag ${dashed(name)}${near === null ? '' : `; did you mean ${dashed(near)}?`}`,
      )
    }
    return true
  }, false) as Argv<T>
}

/** Switches take no value: to yargs alone, `--csv=maybe` would be `--no-csv`. */
function withoutValues(flags: Readonly<Record<string, Options>>): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, flag.boolean ? { ...flag, nargs: 0 } : flag]),
  )
}

/** Flags that every command has. */
const EVERYWHERE = ['help', 'h', 'version', 'verbose']
const POSITIONALS = ['recipe', 'dir', 'trajectory_id', 'dataset']

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}

/** Refuses words that no positional takes. `hint` says what they might have been meant for. */
export function refuseMore({ _: words }: Arguments, hint: string): void {
  const more = words.slice(1)
  if (more.length > 0) throw new UsageError(`there is no place for '${more.join(' ')}' here: ${hint}`)
}

/** The recipe's flags among a command's arguments, as they were written. */
export function flagValues(argv: Arguments): FlagValues {
  const given = Object.keys(RECIPE_FLAGS).filter((name) => argv[name] !== undefined)
  const values = Object.fromEntries(given.map((name) => [name, wordsOf(argv[name])]))
  const taken = [values.from].flat().find((word) => /\.ya?ml$/i.test(String(word)))
  if (taken !== undefined)
    throw new UsageError(
      `--from takes every path up to the next flag, and ${taken} looks like the recipe: put the recipe first, as in sluice run ${taken} --from …`,
    )
  return values
}

function wordsOf(value: unknown): FlagValues[string] {
  if (typeof value === 'boolean') return value
  if (!Array.isArray(value)) return String(value)
  // What `--no-` makes of a flag that can be repeated.
  return value.includes(false) ? false : value.map(String)
}
