import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Ref } from '../graph/ref.ts'
import { codeFiles } from '../package.ts'

/** One SHA-256 over the package's code: over each file's path and bytes, in the order of the paths. */
export function packageCodeSha256(): string {
  const hash = createHash('sha256')
  for (const { path, absolute } of codeFiles()) {
    const bytes = readFileSync(absolute)
    hash.update(`${path}\n${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

/** SHA-256 of the module that a step's code is in; what that module imports is not covered. */
export function moduleSha256({ module }: Ref): string {
  return createHash('sha256')
    .update(readFileSync(fileURLToPath(module)))
    .digest('hex')
}
