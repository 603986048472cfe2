import { stringify } from 'yaml'
import { folderOf, type Manifest, type PUSHED_FOLDERS } from './finished-output.ts'

/** SPDX ids of licences that the Hub knows, by the same names in small letters. */
const KNOWN_LICENSES = [
  'Apache-2.0',
  'MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'ISC',
  'MPL-2.0',
  'EPL-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]

const THOUSANDS = ['', 'K', 'M', 'B', 'T']

/** What each configuration of the dataset reads. A table may also lie there as CSV, which would be read twice. */
const CONFIGS = [
  { config_name: 'default', folder: 'data', path: 'data/**' },
  { config_name: 'analysis', folder: 'analysis', path: 'analysis/*.parquet' },
  { config_name: 'ledger', folder: 'ledger', path: 'ledger/*.parquet' },
] as const satisfies readonly { folder: (typeof PUSHED_FOLDERS)[number]; [name: string]: string }[]

/**
 * Configurations of what there is. `datasets` reads all of a repository by the reader of the first one's format, so
 * that tables beside JSON Lines can't have one.
 */
export function configsOf({ outputs }: Manifest): readonly (typeof CONFIGS)[number][] {
  const isThere = ({ folder }: (typeof CONFIGS)[number]) =>
    outputs.some(({ path }) => folderOf(path) === folder)
  const isJson = outputs.some(({ path }) => folderOf(path) === 'data' && !path.endsWith('.parquet'))
  return CONFIGS.filter((config) => isThere(config) && (!isJson || config.folder === 'data'))
}

/** What the Hub reads of a dataset card, as YAML. */
export function cardMetadata(manifest: Manifest): string {
  const { licenses, rows, sources } = manifest
  const datasets = sources.flatMap(({ file }) => hubDatasetOf(file) ?? [])
  return stringify({
    license: licenseOf(Object.keys(licenses)),
    task_categories: ['text-generation'],
    tags: ['agent-traces', 'software-engineering', 'supervised-fine-tuning', 'trace-sluice'],
    size_categories: [sizeCategory(rows.kept)],
    ...(datasets.length > 0 && { source_datasets: [...new Set(datasets)].sort() }),
    configs: configsOf(manifest).map(({ config_name, path }) => ({
      config_name,
      data_files: [{ split: 'train', path }],
    })),
  })
}

/** The licence of all rows; of rows under several, or under one that the Hub has no name for, `other`. */
export function licenseOf(licenses: readonly string[]): string {
  const [only, ...more] = licenses
  return only !== undefined && more.length === 0 && KNOWN_LICENSES.includes(only)
    ? only.toLowerCase()
    : 'other'
}

/** `1K<n<10K`: the power of ten below and the one above. */
export function sizeCategory(rows: number): string {
  if (rows < 1000) return 'n<1K'
  const zeros = Math.floor(Math.log10(rows))
  if (zeros >= 12) return 'n>1T'
  const power = (exponent: number) => `${10 ** (exponent % 3)}${THOUSANDS[Math.floor(exponent / 3)]}`
  return `${power(zeros)}<n<${power(zeros + 1)}`
}

/** `owner/name` of a source that is on the Hub; null for others. */
function hubDatasetOf(file: string): string | null {
  return /^hf:\/\/datasets\/([\w.-]+\/[\w.-]+)@/.exec(file)?.[1] ?? null
}
