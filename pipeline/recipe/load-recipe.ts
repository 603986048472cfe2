import { columnsOf } from '../../transforms/analysis-schema.ts'
import type { ColumnSpec } from '../batch/columns.ts'
import type { PCollection, PTransform } from '../graph/pipeline.ts'
import type { FilterItem, Recipe, UserModule } from './recipe.ts'
import { placesOf, recipeError } from './recipe-places.ts'
import type { Problem, ValuePath } from './schema-problems.ts'
import { loadUserModule, ModuleError, type ModuleKind, type UserTransform } from './user-module.ts'

/** A filter of the recipe: a built-in one, or the user's, ready to be applied. */
export type LoadedFilter = Exclude<FilterItem, UserModule> | UserTransform

/** A recipe with the user's modules loaded. */
export interface LoadedRecipe extends Recipe {
  readonly loadedFilters: readonly LoadedFilter[]
  readonly userSteps: readonly UserTransform[]
  readonly userSinks: readonly UserTransform[]
  /** the documented columns that the user's steps add */
  readonly userColumns: Readonly<Record<string, ColumnSpec>>
}

/**
 * Loads the modules that a recipe names. `folder` is where the recipe lies: its modules are found from there. Throws
 * RecipeError with everything that is wrong with any of them.
 */
export async function loadRecipe(recipe: Recipe, folder: string): Promise<LoadedRecipe> {
  const load = (item: UserModule, kind: ModuleKind, path: ValuePath) =>
    loadUserModule(item, { kind, folder, path })
  const steps = recipe.steps.map((item, at) => load(item, 'transform', ['steps', at]))
  const sinks = recipe.sinks.map((item, at) => load(item, 'sink', ['sinks', at]))
  const filters = recipe.filters.map(
    async (item, at): Promise<LoadedFilter> =>
      'use' in item ? (await load(item, 'filter', ['filters', at])).apply : item,
  )
  const problems = await problemsOf([...steps, ...sinks, ...filters])
  if (problems.length > 0) throw recipeError(problems, placesOf(recipe))
  const loadedSteps = await Promise.all(steps)
  return {
    ...recipe,
    loadedFilters: await Promise.all(filters),
    userSteps: loadedSteps.map(({ apply }) => apply),
    userSinks: (await Promise.all(sinks)).map(({ apply }) => apply),
    userColumns: columnsOf(...loadedSteps),
  }
}

/** What is wrong with the modules, once each has been tried. */
async function problemsOf(loading: readonly Promise<unknown>[]): Promise<Problem[]> {
  const outcomes = await Promise.allSettled(loading)
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return []
    if (outcome.reason instanceof ModuleError) return outcome.reason.problems
    throw outcome.reason
  })
}

/** Applies the recipe's own transforms in order. */
export function applyUserSteps(recipe: LoadedRecipe) {
  return <T>(input: PCollection<T>): PCollection<T> =>
    recipe.userSteps.reduce(
      (rows, step) => rows.apply(step as PTransform<PCollection<T>, PCollection<T>>),
      input,
    )
}

/** Gives the rows to the recipe's own sinks. */
export function applyUserSinks(recipe: LoadedRecipe) {
  return <T>(input: PCollection<T>): void => {
    for (const sink of recipe.userSinks) input.apply(sink as PTransform<PCollection<T>, unknown>)
  }
}
