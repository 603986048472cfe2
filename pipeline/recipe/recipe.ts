import { z } from 'zod'
import { COMPRESSIONS } from '../../sinks/compression.ts'
import { balancePolicy } from '../../transforms/balance/quotas.ts'
import { PROFILE_NAMES } from '../../transforms/emit/profiles.ts'
import { keepLanguages } from '../../transforms/filters/keep-languages.ts'
import { keepLicenses } from '../../transforms/filters/keep-licenses.ts'
import { keepPatchSize } from '../../transforms/filters/keep-patch-size.ts'
import { keepResolved } from '../../transforms/filters/keep-resolved.ts'
import { keepWithinTokens } from '../../transforms/filters/keep-within-tokens.ts'
import { ENCODING_NAMES } from '../../transforms/tokens/encodings.ts'
import { languageKeys } from './language-keys.ts'

/** What editors offer, and what a misspelt word is compared with: the languages and licences of Open-SWE-Traces. */
const LANGUAGES = ['python', 'go', 'typescript', 'javascript', 'rust', 'java', 'php', 'c', 'cpp']
const LICENSES = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause']

/** A module of the user's own. */
const userModule = z.strictObject({
  use: z
    .string()
    .min(1)
    .describe("path of a module, seen from the recipe's folder, or the name of an npm package"),
  export: z
    .string()
    .min(1)
    .optional()
    .describe('name of the export; left out, the only one that fits is taken'),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("options, checked by the module's own schema"),
})

const bounds = keepPatchSize.definition.options.shape

const patchSize = z
  .strictObject({
    minLines: bounds.minLines.describe('least changed lines, added + removed'),
    maxLines: bounds.maxLines.describe('most changed lines, added + removed'),
    minFiles: bounds.minFiles.describe('least changed files'),
    maxFiles: bounds.maxFiles.describe('most changed files'),
    minBytes: bounds.minBytes.describe('smallest patch, in bytes'),
    maxBytes: bounds.maxBytes.describe('largest patch, in bytes'),
  })
  .refine((size) => Object.keys(size).length > 0, 'needs at least one bound')
  .refine(({ minLines, maxLines, minFiles, maxFiles, minBytes, maxBytes }) => {
    const pairs = [
      [minLines, maxLines],
      [minFiles, maxFiles],
      [minBytes, maxBytes],
    ] as const
    return pairs.every(([min, max]) => min === undefined || max === undefined || min <= max)
  }, 'a least size is above the most: no patch could pass')
  .meta({ minProperties: 1 })

const builtInFilter = z
  .strictObject({
    resolved: keepResolved.definition.options.shape.resolved.describe(
      'success label to keep; any keeps every label, ungraded rows included',
    ),
    licenses: z
      .array(keepLicenses.definition.options.shape.licenses.element.meta({ examples: LICENSES }))
      .min(1)
      .describe('SPDX ids of the repository licences to keep'),
    languages: z
      .array(keepLanguages.definition.options.shape.languages.element.meta({ examples: LANGUAGES }))
      .min(1)
      .describe('languages to keep, in any spelling'),
    maxTokens: keepWithinTokens.definition.options.shape.maxTokens.describe(
      'longest trajectory to keep, in tokens',
    ),
    requirePatch: z.literal(true).describe('keep only trajectories that left a patch'),
    patchSize: patchSize.describe('bounds on the patch; lines are added + removed'),
  })
  .partial()
  .refine(
    (filter) => Object.keys(filter).length === 1,
    'one filter an item: the order of the list is their order',
  )
  .meta({ minProperties: 1, maxProperties: 1 })

const sinks = z
  .strictObject({
    table: z.boolean().default(false).describe('also write the analysis table through parquetjs-lite, flat'),
    csv: z.boolean().default(true).describe('also write the analysis table as CSV'),
  })
  .prefault({})

const push = z
  .strictObject({
    to: z.string().min(1).describe('push the output to OWNER/NAME, a dataset on the Hugging Face Hub'),
    revision: z.string().min(1).optional().describe('branch to push to; left out, main'),
    create: z
      .boolean()
      .default(false)
      .describe('make the repository to push to, and the branch, where there is none'),
    private: z
      .boolean()
      .default(false)
      .describe('make the repository a private one, and refuse to push to one that is public'),
    message: z.string().min(1).optional().describe('message of the commit that is pushed'),
    withFailed: z
      .boolean()
      .default(false)
      .describe('also push failed/, the rows that could not be read: nobody has looked at what is in them'),
  })
  .optional()

/**
 * A recipe says what to read, what to keep, and what to write. It is plain data: the same recipe over the same
 * revision gives the same bytes.
 */
export const recipeSchema = z.strictObject({
  name: z.string().min(1).default('curate').describe('a name for people and for the manifest'),
  from: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      "files, globs or folders of Parquet or JSON Lines, seen from the recipe's folder, or hf://datasets/OWNER/NAME@REVISION/PATH",
    ),
  out: z.string().min(1).optional().describe("output folder, seen from the recipe's folder"),
  encoding: z
    .enum(ENCODING_NAMES)
    .default('o200k_base')
    .describe('tiktoken encoding that tokens are counted in'),
  steps: z
    .array(userModule)
    .default([])
    .describe('your own transforms: they run after the built-in measures'),
  filters: z
    .array(z.union([builtInFilter, userModule]))
    .default([])
    .describe('filters in the order they judge; the first refusal is the reason'),
  balance: balancePolicy
    .transform(languageKeys)
    .optional()
    .describe(
      'evens out the languages of the rows that passed the filters: maxShare, the largest share of any; caps, rows by language; shares, parts by language; or temperature, 1 for the mix as it is, larger for an evener one',
    ),
  profile: z.enum(PROFILE_NAMES).default('canonical').describe('form of the training rows'),
  format: z.enum(['jsonl', 'parquet']).default('jsonl').describe('file format of the training rows'),
  compression: z
    .enum(COMPRESSIONS)
    .optional()
    .describe('compression of the training rows; left out, none for jsonl and zstd for parquet'),
  shardBytes: z
    .int()
    .positive()
    .default(2 ** 30)
    .describe('a shard closes at the first bundle past so many bytes'),
  tables: sinks.describe('further forms of the analysis table'),
  sinks: z.array(userModule).default([]).describe('your own sinks, given the kept rows'),
  measure: z
    .enum(['all', 'kept'])
    .default('all')
    .describe('all measures every readable row; kept stops at the first refusal and leaves nulls'),
  seed: z.int().nonnegative().default(0).describe('seed of every random choice'),
  limit: z.int().positive().optional().describe('rows to read in all'),
  verifyWhole: z
    .boolean()
    .default(false)
    .describe('copy files of the Hub and check their SHA-256 before they are read'),
  push: push.describe('where to push the output once the run is complete'),
  allowEmpty: z.boolean().default(false).describe('a run that keeps no row is a success'),
  workers: z
    .int()
    .positive()
    .optional()
    .describe('worker threads; by default the processors the process may use'),
  runner: z
    .enum(['local', 'direct'])
    .default('local')
    .describe('local runs worker threads; direct runs inline'),
})

export type Recipe = z.output<typeof recipeSchema>
export type RecipeInput = z.input<typeof recipeSchema>
export type FilterItem = Recipe['filters'][number]
export type UserModule = z.output<typeof userModule>
