import { createHash } from 'node:crypto'
import { RANKS_SHA256 } from '../../transforms/tokens/encodings.ts'
import type { Curation } from '../curation.ts'
import type { SourceFile } from '../graph/source.ts'
import { PACKAGE } from '../package.ts'
import type { Plan } from '../plan/plan.ts'
import type { LoadedRecipe } from '../recipe/load-recipe.ts'
import type { Recipe } from '../recipe/recipe.ts'
import type { Tally } from '../worker/bundle-result.ts'
import { moduleSha256, packageCodeSha256 } from './code-hash.ts'
import { writeJsonFile } from './json-file.ts'

export const MANIFEST = 'manifest.json'

/** Settings of a run that change nothing in its output. */
const WITHOUT_EFFECT = ['workers', 'runner', 'out', 'push'] as const satisfies readonly (keyof Recipe)[]

/**
 * The deterministic record of a run: what made the output out of what, with hashes. A rerun of the same recipe over
 * the same files writes the same bytes; what differs between runs is in run.json.
 */
export async function writeManifest(
  directory: string,
  recipe: LoadedRecipe,
  curation: Curation,
): Promise<void> {
  const { run } = curation
  const effective = effectiveRecipe(recipe)
  await writeJsonFile(directory, MANIFEST, {
    tool: {
      name: PACKAGE.name,
      version: PACKAGE.version,
      node: process.version,
      code_sha256: packageCodeSha256(),
      dependencies: PACKAGE.dependencies,
    },
    recipe: { sha256: sha256(JSON.stringify(effective)), ...effective },
    steps: stepsOf(run.plan),
    sources: run.files.map((file) => sourceOf(file, run.sha256.get(file.file))),
    ignored: run.ignored,
    rows: rowsOf(curation.tally),
    tokens: { encoding: recipe.encoding, ranks_sha256: RANKS_SHA256[recipe.encoding], ...curation.tokens },
    languages: {
      before: Object.fromEntries(curation.languages.before),
      after: Object.fromEntries(curation.languages.after),
    },
    labels: Object.fromEntries(curation.labels),
    licenses: Object.fromEntries(curation.licenses),
    teacher_models: Object.fromEntries(curation.teacherModels),
    outputs: curation.receipts,
  })
}

/**
 * A file as it was read. Of one on the Hub the hash is its publisher's, and it was verified as far as it was read: its
 * bytes were checked by sizes, counts, and checksums of pages where it has them.
 */
function sourceOf({ file, rows, bytes, format, published, spooled }: SourceFile, hashed: string | undefined) {
  const common = { file, rows, bytes, format }
  if (!published) return { ...common, sha256: hashed }
  const verified = published.onDisk === null && spooled === undefined ? 'in part' : 'whole'
  const sha256 = published.sha256 ?? hashed
  return { ...common, ...(sha256 ? { sha256 } : { git_sha1: published.gitSha1 }), verified }
}

/** The graph as it ran: names, parameters, and what each step reads. */
function stepsOf(plan: Plan) {
  return plan.nodes.map((node) => ({
    name: node.name,
    kind: node.kind,
    reads: node.reads,
    ...('ref' in node && node.ref
      ? { export: node.ref.name, options: node.ref.options, module_sha256: moduleSha256(node.ref) }
      : {}),
  }))
}

function rowsOf({ rows, kept, failed, dropped }: Tally) {
  return { in: rows, kept, dropped, failed }
}

/** The recipe without what the run makes of it, and without what has no effect on the output. */
function effectiveRecipe(recipe: LoadedRecipe): Partial<Recipe> {
  const { loadedFilters, userSteps, userSinks, userColumns, ...plain } = recipe
  return Object.fromEntries(
    Object.entries(plain).filter(([name]) => !(WITHOUT_EFFECT as readonly string[]).includes(name)),
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
