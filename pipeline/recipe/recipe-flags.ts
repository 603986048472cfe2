import type { JsonSchema } from './recipe-json-schema.ts'
import type { ValuePath } from './schema-problems.ts'

/** Values of flags by their names, as they were written: several where a flag was given several times. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[]>>

/** What a flag sets: a member of the recipe, or of the filter of a name. */
type Target = { readonly member: readonly string[] } | { readonly filter: readonly string[] }

/** What a flag is about, for the manual. */
export type FlagGroup = 'Read' | 'Keep' | 'Write' | 'Run'

/** A flag that stands for a member of a recipe. */
export type RecipeFlag = Target & {
  readonly group: FlagGroup
  readonly isPath?: true
  /** the member that it is in means nothing without it, and goes with it */
  readonly isEssential?: true
}

/**
 * The flags for a recipe's members, by name. Filters that no recipe orders judge in the order in which they stand
 * here.
 */
export const RECIPE_FLAGS: Readonly<Record<string, RecipeFlag>> = {
  from: { group: 'Read', member: ['from'], isPath: true },
  limit: { group: 'Read', member: ['limit'] },
  'verify-whole': { group: 'Read', member: ['verifyWhole'] },
  resolved: { group: 'Keep', filter: ['resolved'] },
  licenses: { group: 'Keep', filter: ['licenses'] },
  languages: { group: 'Keep', filter: ['languages'] },
  'max-tokens': { group: 'Keep', filter: ['maxTokens'] },
  'require-patch': { group: 'Keep', filter: ['requirePatch'] },
  'min-patch-lines': { group: 'Keep', filter: ['patchSize', 'minLines'] },
  'max-patch-lines': { group: 'Keep', filter: ['patchSize', 'maxLines'] },
  'min-patch-files': { group: 'Keep', filter: ['patchSize', 'minFiles'] },
  'max-patch-files': { group: 'Keep', filter: ['patchSize', 'maxFiles'] },
  'min-patch-bytes': { group: 'Keep', filter: ['patchSize', 'minBytes'] },
  'max-patch-bytes': { group: 'Keep', filter: ['patchSize', 'maxBytes'] },
  'max-share': { group: 'Keep', member: ['balance', 'maxShare'] },
  'allow-empty': { group: 'Keep', member: ['allowEmpty'] },
  out: { group: 'Write', member: ['out'], isPath: true },
  profile: { group: 'Write', member: ['profile'] },
  format: { group: 'Write', member: ['format'] },
  compression: { group: 'Write', member: ['compression'] },
  'shard-bytes': { group: 'Write', member: ['shardBytes'] },
  csv: { group: 'Write', member: ['tables', 'csv'] },
  table: { group: 'Write', member: ['tables', 'table'] },
  name: { group: 'Write', member: ['name'] },
  push: { group: 'Write', member: ['push', 'to'], isEssential: true },
  'push-revision': { group: 'Write', member: ['push', 'revision'] },
  'push-create': { group: 'Write', member: ['push', 'create'] },
  'push-private': { group: 'Write', member: ['push', 'private'] },
  'push-message': { group: 'Write', member: ['push', 'message'] },
  'push-with-failed': { group: 'Write', member: ['push', 'withFailed'] },
  encoding: { group: 'Run', member: ['encoding'] },
  measure: { group: 'Run', member: ['measure'] },
  seed: { group: 'Run', member: ['seed'] },
  workers: { group: 'Run', member: ['workers'] },
  runner: { group: 'Run', member: ['runner'] },
}

/** The part of the recipe's schema that a flag's value has to fit. */
export function schemaOfFlag(flag: RecipeFlag, recipe: JsonSchema): JsonSchema {
  const [start, way] =
    'filter' in flag ? [recipe.properties!.filters!.items!, flag.filter] : [recipe, flag.member]
  return way.reduce((schema, key) => {
    const forms = schema.anyOf ?? [schema]
    return forms.find(({ properties }) => properties?.[key])!.properties![key]!
  }, start)
}

/** A recipe with flags laid over it, and which flag each value came from. */
export interface FlaggedRecipe {
  readonly value: unknown
  /** the flag's name by the value's path, as JSON */
  readonly origins: ReadonlyMap<string, string>
  /** where each filter that the recipe had stands in it */
  readonly filterPositions: readonly number[]
}

type Members = Record<string, unknown>

/**
 * Lays flags over a recipe that is not checked yet. A flag takes the place of the member it stands for; one for a
 * filter takes the place of that filter, or is appended when the recipe has none. One that is switched off, as in
 * `--no-limit`, takes its member out, unless the member itself is a switch. `toRecipe` makes of a path seen from the
 * working directory one seen from the recipe's folder.
 */
export function applyFlags(
  recipe: Readonly<Members>,
  flags: FlagValues,
  { schema, toRecipe }: { schema: JsonSchema; toRecipe(path: string): string },
): FlaggedRecipe {
  const value = structuredClone(recipe) as Members
  const origins = new Map<string, string>()
  const given = Object.entries(RECIPE_FLAGS).filter(([name]) => flags[name] !== undefined)
  const isOff = ([name, flag]: (typeof given)[number]) =>
    flags[name] === false && !isSwitch(schemaOfFlag(flag, schema))
  // First, so that the positions of those that are set stay.
  const filterPositions = takeOut(
    value,
    given.filter(isOff).map(([, flag]) => flag),
  )
  for (const [name, flag] of given.filter((entry) => !isOff(entry))) {
    const amount = readFlag(flags[name]!, schemaOfFlag(flag, schema), flag.isPath ? toRecipe : null)
    const path =
      'filter' in flag ? setFilter(value, flag.filter, amount) : setMember(value, flag.member, amount)
    if (path) origins.set(JSON.stringify(path), name)
  }
  return { value, origins, filterPositions }
}

/** A member that can be false itself; a filter is there or is not. */
function isSwitch({ type, const: only }: JsonSchema): boolean {
  return type === 'boolean' && only === undefined
}

/** Takes out what flags stand for, and what holds nothing without it. Returns where the filters that are left stood. */
function takeOut(recipe: Members, flags: readonly RecipeFlag[]): readonly number[] {
  for (const flag of flags)
    if ('member' in flag) drop(recipe, flag.isEssential ? flag.member.slice(0, 1) : flag.member)
  if (!Array.isArray(recipe.filters)) return []
  const left = (recipe.filters as unknown[])
    .map((item, position) => ({ item, position }))
    .filter(({ item }) => {
      if (!isMembers(item)) return true
      const dropped = flags.filter((flag) => 'filter' in flag && drop(item, flag.filter))
      return dropped.length === 0 || Object.keys(item).length > 0
    })
  recipe.filters = left.map(({ item }) => item)
  return left.map(({ position }) => position)
}

/** Whether there was anything to drop. */
function drop(holder: Members, [name, inner]: readonly string[]): boolean {
  if (!Object.hasOwn(holder, name!)) return false
  if (inner !== undefined) {
    const { [inner]: dropped, ...rest } = membersOf(holder[name!])
    if (dropped === undefined) return false
    holder[name!] = rest
    if (Object.keys(rest).length > 0) return true
  }
  return delete holder[name!]
}

/** What a flag's words stand for. Words that don't fit stay words, for the check to complain of. */
function readFlag(
  given: FlagValues[string],
  schema: JsonSchema,
  toRecipe: ((path: string) => string) | null,
): unknown {
  if (typeof given === 'boolean') return given
  const words = typeof given === 'string' ? [given] : given
  if (schema.type === 'array') {
    if (toRecipe) return words.map(toRecipe)
    return words
      .flatMap((word) => word.split(','))
      .map((word) => word.trim())
      .filter((word) => word !== '')
  }
  const last = words.at(-1) ?? ''
  if (toRecipe && last !== '') return toRecipe(last)
  const isNumber = schema.type === 'integer' || schema.type === 'number'
  return isNumber && last.trim() !== '' && Number.isFinite(Number(last)) ? Number(last) : last
}

/** Sets a member, or one inside it. A policy of balance takes the place of any other. */
function setMember(recipe: Members, [name, inner]: readonly string[], amount: unknown): ValuePath {
  if (inner === undefined) recipe[name!] = amount
  else recipe[name!] = { ...(name === 'balance' ? {} : membersOf(recipe[name!])), [inner]: amount }
  return inner === undefined ? [name!] : [name!, inner]
}

/**
 * Sets a filter in its place: in every item that sets the same already, else in the first of its name, else in a
 * new one. Null when the recipe's filters are no list, which the check will say.
 */
function setFilter(recipe: Members, [name, bound]: readonly string[], amount: unknown): ValuePath | null {
  recipe.filters ??= []
  if (!Array.isArray(recipe.filters)) return null
  const filters: unknown[] = recipe.filters
  const named = filters.filter((item): item is Members => isMembers(item) && Object.hasOwn(item, name!))
  const same = named.filter((item) => bound === undefined || Object.hasOwn(membersOf(item[name!]), bound))
  const targets = same.length > 0 ? same : named.slice(0, 1)
  if (targets.length === 0) {
    targets.push({})
    filters.push(targets[0])
  }
  for (const item of targets)
    item[name!] = bound === undefined ? amount : { ...membersOf(item[name!]), [bound]: amount }
  const path = ['filters', filters.indexOf(targets[0]), name!]
  return bound === undefined ? path : [...path, bound]
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {}
}
