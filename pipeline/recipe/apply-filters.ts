import { keepLanguages } from '../../transforms/filters/keep-languages.ts'
import { keepLicenses } from '../../transforms/filters/keep-licenses.ts'
import { keepPatchSize } from '../../transforms/filters/keep-patch-size.ts'
import { keepResolved } from '../../transforms/filters/keep-resolved.ts'
import { keepWithPatch } from '../../transforms/filters/keep-with-patch.ts'
import { keepWithinTokens } from '../../transforms/filters/keep-within-tokens.ts'
import type { IdentityColumns } from '../../transforms/parse/identify-rows.ts'
import type { ParsedColumns } from '../../transforms/parse/parse-trajectories.ts'
import type { PatchColumns } from '../../transforms/patch/measure-patch.ts'
import type { TokenColumns } from '../../transforms/tokens/count-tokens.ts'
import type { PCollection, PTransform } from '../graph/pipeline.ts'
import type { LoadedFilter, LoadedRecipe } from './load-recipe.ts'

/** What the filters can read of a row. */
export type Measured = IdentityColumns & ParsedColumns & TokenColumns & PatchColumns

/** Applies the recipe's filters in the recipe's order. */
export function applyFilters(recipe: LoadedRecipe) {
  return <T extends Measured>(input: PCollection<T>): PCollection<T> =>
    recipe.loadedFilters.reduce((rows, filter) => rows.apply(filterOf<T>(filter)), input)
}

function filterOf<T extends Measured>(filter: LoadedFilter): PTransform<PCollection<T>, PCollection<T>> {
  if (typeof filter === 'function') return filter as PTransform<PCollection<T>, PCollection<T>>
  if (filter.resolved !== undefined) return keepResolved({ resolved: filter.resolved })
  if (filter.licenses !== undefined) return keepLicenses({ licenses: filter.licenses })
  if (filter.languages !== undefined) return keepLanguages({ languages: filter.languages })
  if (filter.maxTokens !== undefined) return keepWithinTokens({ maxTokens: filter.maxTokens })
  if (filter.patchSize !== undefined) return keepPatchSize(filter.patchSize)
  return keepWithPatch({})
}
