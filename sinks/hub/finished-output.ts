import { openAsBlob, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../pipeline/errors.ts'
import { MANIFEST } from '../../pipeline/ledger/manifest.ts'
import { PACKAGE } from '../../pipeline/package.ts'
import { CARD } from '../../sources/hub/card-files.ts'
import { type FileHashes, hashesOf } from './file-hashes.ts'

const count = z.number().int().nonnegative()
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const rowCounts = z.record(z.string(), z.object({ rows: count, tokens: count }))

/** What a push reads of a manifest. */
const manifestSchema = z.object({
  tool: z.object({
    name: z.literal(PACKAGE.name),
    version: z.string(),
    node: z.string(),
    code_sha256: hash,
    dependencies: z.record(z.string(), z.string()),
  }),
  recipe: z.looseObject({ sha256: hash, name: z.string() }),
  sources: z.array(z.looseObject({ file: z.string(), rows: count, bytes: count, sha256: hash.optional() })),
  rows: z.object({ in: count, kept: count, dropped: z.record(z.string(), count), failed: count }),
  tokens: z.object({ encoding: z.string(), measured: count, kept: count }),
  languages: z.object({ after: rowCounts }),
  licenses: rowCounts,
  teacher_models: rowCounts,
  outputs: z.array(z.object({ path: z.string(), rows: count, bytes: count, sha256: hash })),
})

export type Manifest = z.output<typeof manifestSchema>
type Output = Manifest['outputs'][number]

/** A file as it is pushed. Its bytes are read from disk when they are sent, and only as long as nobody changes them. */
export interface PushFile extends FileHashes {
  /** in the repository */
  readonly path: string
  readonly size: number
  readonly content: Blob
}

/** What a finished run left that is to be pushed, every file as its manifest says it is. */
export interface FinishedOutput {
  readonly manifest: Manifest
  /** the outputs, the manifest, and the folder's own README.md where it has one; by path */
  readonly files: readonly PushFile[]
  readonly hasCard: boolean
}

/** What a repository is given of an output: other folders are of sinks that we know nothing of. */
export const PUSHED_FOLDERS = ['data', 'analysis', 'ledger']
/** Rows that could not be read, as they are: they may hold what nobody looked at. */
export const FAILED_FOLDER = 'failed'

/** The manifest's own words; null when they are not those of a manifest of ours. */
export function parseManifest(text: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * Reads every file once and compares it with the manifest. Throws UsageError when the folder holds no finished run, or
 * not all of it, or something else beside it.
 */
export async function readFinishedOutput(
  directory: string,
  { withFailed, signal }: { readonly withFailed: boolean; readonly signal: AbortSignal },
): Promise<FinishedOutput> {
  const manifest = readManifest(directory)
  const folders = withFailed ? [...PUSHED_FOLDERS, FAILED_FOLDER] : PUSHED_FOLDERS
  const outputs = manifest.outputs.filter((output) => folders.includes(folderOf(output.path)))
  refuseUnlisted(directory, folders, new Set(outputs.map((output) => output.path)))
  const files: PushFile[] = []
  for (const output of outputs) {
    signal.throwIfAborted()
    files.push(await checkedFile(directory, output))
  }
  const hasCard = isFile(path.join(directory, CARD))
  for (const name of hasCard ? [MANIFEST, CARD] : [MANIFEST]) files.push(await openFile(directory, name))
  return { manifest, files: files.sort((one, other) => (one.path < other.path ? -1 : 1)), hasCard }
}

function readManifest(directory: string): Manifest {
  const file = path.join(directory, MANIFEST)
  if (!isFile(file))
    throw new UsageError(`there is no finished run in ${directory}: push wants the output folder of one`)
  const manifest = parseManifest(readFileSync(file, 'utf8'))
  if (manifest === null) throw new UsageError(`${file} is no manifest of ${PACKAGE.name}: nothing is pushed`)
  for (const { path: name } of manifest.outputs)
    if (path.posix.normalize(`/${name}`) !== `/${name}` || /[\\\p{Cc}]|(^|\/)\./u.test(name))
      throw new UsageError(`${file} lists a file that can't be named so: ${JSON.stringify(name)}`)
  return manifest
}

/** Throws UsageError for a file in one of the folders that the run did not write: the card would say it had. */
function refuseUnlisted(directory: string, folders: readonly string[], listed: ReadonlySet<string>): void {
  for (const folder of folders) {
    const inFolder = path.join(directory, folder)
    if (!statSync(inFolder, { throwIfNoEntry: false })?.isDirectory()) continue
    for (const entry of readdirSync(inFolder, { recursive: true, withFileTypes: true })) {
      const file = path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')
      if (entry.isDirectory() || /(^|\/)\./.test(file) || listed.has(file)) continue
      throw new UsageError(
        `${file} is in ${directory} and not in its manifest: nothing is pushed as long as it is there`,
      )
    }
  }
}

async function checkedFile(directory: string, { path: name, bytes, sha256 }: Output): Promise<PushFile> {
  const refuse = (why: string): never => {
    throw new UsageError(
      `${name} of ${directory} ${why}: nothing is pushed that is not what the run wrote. Run again with --fresh`,
    )
  }
  if (!isFile(path.join(directory, name))) return refuse('is in the manifest and not in the folder')
  const file = await openFile(directory, name)
  if (file.size !== bytes) return refuse(`has ${file.size} bytes, and ${bytes} in the manifest`)
  if (file.sha256 !== sha256) return refuse('has another SHA-256 than in the manifest')
  return file
}

async function openFile(directory: string, name: string): Promise<PushFile> {
  const content = await openAsBlob(path.join(directory, name))
  return { path: name, size: content.size, content, ...(await hashesOf(content)) }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

export function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : ''
}
