import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Root of the code that is running: the clone's, or dist/ of the published package. */
const CODE_ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The package as it is published, found from the clone and from dist alike. */
export const PACKAGE = JSON.parse(readFileSync(new URL(import.meta.resolve('#package.json')), 'utf8')) as {
  readonly name: string
  readonly version: string
  readonly engines: { readonly node: string }
  /** exact versions */
  readonly dependencies: Readonly<Record<string, string>>
}

/** Folders of code that can change what a run writes. */
const CODE = ['pipeline', 'transforms', 'sources', 'sinks']

/** Every code file of the package that is running, by its path from the root, sorted. */
export function codeFiles(): readonly { readonly path: string; readonly absolute: string }[] {
  const files = CODE.flatMap((folder) =>
    readdirSync(path.join(CODE_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.d)\.(ts|js)$/.test(file))
      .map((file) => ({
        path: `${folder}/${file.replaceAll(path.sep, '/')}`,
        absolute: path.join(CODE_ROOT, folder, file),
      })),
  )
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
