import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PACKAGE } from '../../../pipeline/package.ts'
import type { Manifest } from '../../../sinks/hub/finished-output.ts'

const HASH = 'a'.repeat(64)

/** A manifest as a run writes it, with other members where wanted. */
export function sampleManifest(other: Partial<Manifest> = {}): Manifest {
  return {
    tool: {
      name: PACKAGE.name,
      version: PACKAGE.version,
      node: 'v24.0.0',
      code_sha256: HASH,
      dependencies: { zod: '1.2.3' },
    },
    recipe: { sha256: HASH, name: 'sample', from: ['data'], filters: [{ maxTokens: 4000 }] },
    sources: [{ file: 'data/a.parquet', rows: 5, bytes: 100, sha256: HASH }],
    rows: { in: 5, kept: 2, dropped: { too_long: 1, tests_failed: 2 }, failed: 0 },
    tokens: { encoding: 'o200k_base', measured: 1234, kept: 567 },
    languages: { after: { python: { rows: 2, tokens: 567 } } },
    licenses: { MIT: { rows: 2, tokens: 567 } },
    teacher_models: { 'some-model': { rows: 2, tokens: 567 } },
    outputs: [],
    ...other,
  }
}

/** Writes an output folder with files of these contents and a manifest that lists them. */
export async function writeOutput(
  folder: string,
  contents: Readonly<Record<string, string | Buffer>>,
  other: Partial<Manifest> = {},
): Promise<void> {
  const outputs = []
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    outputs.push({ path: name, rows: 2, bytes: Buffer.byteLength(content), sha256 })
  }
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(sampleManifest({ outputs, ...other })))
}
