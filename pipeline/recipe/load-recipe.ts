import { columnsOf } from '../../transforms/analysis-schema.ts'
import type { ColumnSpec } from '../batch/columns.ts'
import type { PCollection, PTransform } from '../graph/pipeline.ts'
import type { FilterItem, Recipe, UserModule } from './recipe.ts'
import { loadUserModule, type UserTransform } from './user-module.ts'

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

/** Loads the modules that a recipe names. `folder` is where the recipe lies: its modules are found from there. */
export async function loadRecipe(recipe: Recipe, folder: string): Promise<LoadedRecipe> {
  const steps = await Promise.all(recipe.steps.map((item) => loadUserModule(item, 'transform', folder)))
  const sinks = await Promise.all(recipe.sinks.map((item) => loadUserModule(item, 'sink', folder)))
  const filters = await Promise.all(
    recipe.filters.map(
      async (item): Promise<LoadedFilter> =>
        'use' in item ? (await loadUserModule(item, 'filter', folder)).apply : item,
    ),
  )
  return {
    ...recipe,
    loadedFilters: filters,
    userSteps: steps.map(({ apply }) => apply),
    userSinks: sinks.map(({ apply }) => apply),
    userColumns: columnsOf(...steps),
  }
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
