import { stringify } from 'yaml'
import { cardMetadata, configsOf } from './card-metadata.ts'
import { FAILED_FOLDER, folderOf, type Manifest, PUSHED_FOLDERS } from './finished-output.ts'
import { code, codeBlock, table, visible } from './markdown.ts'

/** By this a later push knows that nobody wrote the card by hand. */
const MARK = 'Written by `sluice push`.'
const MARK_LINE = `<!-- ${MARK} A later push replaces this card, and keeps one without this line. -->`

/** Longer lists are cut: the manifest has all. */
const LINES_SHOWN = 100

export function isOurCard(text: string): boolean {
  return text.includes(MARK)
}

/** The dataset card of an output, from its manifest alone: the same manifest makes the same card. */
export function datasetCard(manifest: Manifest): string {
  const { recipe, rows, tokens } = manifest
  const sections = [
    `---\n${cardMetadata(manifest)}---`,
    MARK_LINE,
    `# ${visible(recipe.name).replace(/[\\`*_[\]<>#&|~$!]/g, '\\$&')}`,
    `${count(rows.kept)} of ${count(rows.in)} agent trajectories, ${count(tokens.kept)} of ${count(tokens.measured)} tokens (${code(tokens.encoding)}), curated for supervised fine-tuning. Every row that was read ends as exactly one of kept, dropped or failed: \`data/\` has the kept ones, \`ledger/\` says of every row who dropped it and why, and \`analysis/\` has what was measured of it. ${howToRead(manifest)}`,
    '## What came out',
    outcomes(manifest),
    grouped('Language', manifest.languages.after),
    grouped('Licence', manifest.licenses),
    grouped('Teacher model', manifest.teacher_models),
    '## What went in',
    sources(manifest),
    '## Recipe',
    codeBlock('yaml', recipeText(manifest)),
    '## Files and how to verify them',
    files(manifest),
    'In a download of this repository, this compares them with the manifest:',
    codeBlock(
      'sh',
      `jq -r '.outputs[] | select(.path | test("^(${[...PUSHED_FOLDERS, FAILED_FOLDER].join('|')})/")) | "\\(.sha256)  \\(.path)"' manifest.json | sha256sum --check --ignore-missing`,
    ),
    'The same recipe over the same sources writes the same bytes again, whatever the machine.',
    '## Versions',
    versions(manifest),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** Tables that have no configuration of their own are read as files. */
function howToRead(manifest: Manifest): string {
  return configsOf(manifest).some(({ folder }) => folder === 'ledger')
    ? 'Each is a configuration: `default`, `ledger` and `analysis`.'
    : "Of the tables, `load_dataset('parquet', data_files='ledger/*.parquet')` reads one in a download of this repository."
}

function outcomes({ rows }: Manifest): string {
  const dropped = Object.entries(rows.dropped).sort(
    ([one, some], [other, more]) => more - some || (one < other ? -1 : 1),
  )
  return table(
    ['verdict', 'reason', 'rows'],
    [
      ['kept', '', count(rows.kept)],
      ...dropped.map(([reason, some]) => ['dropped', code(reason), count(some)]),
      ['failed', '', count(rows.failed)],
      ['in all', '', count(rows.in)],
    ],
    1,
  )
}

/** Kept rows and their tokens by something; nothing where there are none. */
function grouped(name: string, counts: Manifest['licenses']): string {
  const groups = Object.entries(counts).sort(
    ([one, some], [other, more]) => more.rows - some.rows || (one < other ? -1 : 1),
  )
  if (groups.length === 0) return ''
  const lines = groups.map(([key, { rows, tokens }]) => [code(key) || 'unknown', count(rows), count(tokens)])
  return cut(table([`${name} of kept rows`, 'rows', 'tokens'], lines.slice(0, LINES_SHOWN), 2), lines.length)
}

function sources({ sources: all }: Manifest): string {
  const lines = all.map(({ file, rows, sha256 }) => {
    const [, dataset, commit, inDataset] = /^hf:\/\/datasets\/([^@]+)@([0-9a-f]{40})\/(.*)$/s.exec(file) ?? []
    return [
      code(dataset === undefined ? file : `${dataset}/${inDataset}`),
      code(commit ?? ''),
      code(sha256 ?? ''),
      count(rows),
    ]
  })
  return cut(table(['file', 'commit', 'SHA-256', 'rows'], lines.slice(0, LINES_SHOWN), 1), lines.length)
}

function recipeText({ recipe: { sha256, ...recipe } }: Manifest): string {
  return stringify(recipe, { lineWidth: 0 })
}

function files({ outputs }: Manifest): string {
  const lines = outputs
    .filter(({ path }) => PUSHED_FOLDERS.includes(folderOf(path)))
    .map(({ path, rows, bytes, sha256 }) => [code(path), code(sha256), count(rows), count(bytes)])
  return cut(table(['file', 'SHA-256', 'rows', 'bytes'], lines.slice(0, LINES_SHOWN), 2), lines.length)
}

function versions({ tool, recipe }: Manifest): string {
  const dependencies = Object.entries(tool.dependencies).map(([name, version]) => code(`${name} ${version}`))
  return table(
    ['', ''],
    [
      [code(tool.name), code(tool.version)],
      ['SHA-256 of its code', code(tool.code_sha256)],
      ['SHA-256 of the recipe', code(recipe.sha256)],
      ['Node', code(tool.node)],
      ['dependencies', dependencies.join(', ')],
    ],
  )
}

function cut(shown: string, lines: number): string {
  return lines > LINES_SHOWN
    ? `${shown}\n\n${count(lines - LINES_SHOWN)} more are in \`manifest.json\`.`
    : shown
}

function count(amount: number): string {
  return amount.toLocaleString('en-US')
}
