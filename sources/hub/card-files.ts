import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { HubError } from './hub-error.ts'

/** What is read of a dataset, by the names that its card gives to parts of it. */
export interface CardSelection {
  /** null for all */
  readonly config: string | null
  readonly split: string | null
}

/** The card of a dataset: `README.md`, whose YAML says which files belong to which configuration and split. */
export const CARD = 'README.md'

const patterns = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const configSchema = z.object({
  config_name: z.string(),
  data_dir: z.string().default(''),
  data_files: z.union([patterns, z.array(z.object({ split: z.string(), path: patterns }))]).default(['**']),
})
const frontMatterSchema = z.object({ configs: z.array(configSchema).min(1) })

/** Of what has no split of its own, as `datasets` names it. */
const ONLY_SPLIT = 'train'

/** Patterns of files, one after another as the card has them. */
interface CardPart {
  readonly config: string
  readonly split: string
  readonly patterns: readonly string[]
}

/**
 * Tells which files belong to a configuration or a split by a card's text. Throws HubError when the card says nothing
 * of them, naming what it has.
 */
export function cardFiles(
  card: string,
  { config, split }: CardSelection,
  dataset: string,
): (file: string) => boolean {
  const parts = partsOf(card, dataset)
  const chosen = parts.filter(
    (part) => (config === null || part.config === config) && (split === null || part.split === split),
  )
  if (chosen.length === 0) {
    const wanted = [config !== null && `configuration '${config}'`, split !== null && `split '${split}'`]
    const has = parts.map((part) => `${part.config}/${part.split}`)
    throw new HubError(
      `the card of ${dataset} has no ${wanted.filter(Boolean).join(' with ')}: it has ${[...new Set(has)].join(', ')}`,
    )
  }
  const all = chosen.flatMap((part) => part.patterns)
  return (file) => all.some((pattern) => file === pattern || path.posix.matchesGlob(file, pattern))
}

function partsOf(card: string, dataset: string): CardPart[] {
  const [, yaml] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card) ?? []
  const parsed = frontMatterSchema.safeParse(yaml === undefined ? null : readYaml(yaml, dataset))
  if (!parsed.success)
    throw new HubError(
      `the card of ${dataset} names no configurations that can be read: give a path instead, as in hf://datasets/${dataset}/data/**`,
    )
  return parsed.data.configs.flatMap(({ config_name: config, data_dir: folder, data_files: files }) => {
    const inFolder = (pattern: string) => path.posix.join(folder, pattern)
    return files
      .map((each) => (typeof each === 'string' ? { split: ONLY_SPLIT, path: [each] } : each))
      .map(({ split, path: each }) => ({ config, split, patterns: each.map(inFolder) }))
  })
}

function readYaml(text: string, dataset: string): unknown {
  try {
    // Names that stand for others could stand for very many.
    return parse(text, { maxAliasCount: 100 })
  } catch (cause) {
    throw new HubError(`the YAML of the card of ${dataset} can't be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}
