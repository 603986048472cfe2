import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../support/runners.ts'
import { sluice } from './bin.ts'
import { traceRows, writeRows } from './trace-files.ts'

test('a module outside of any npm project runs in the workers, with our package and our zod', async (t) => {
  const cwd = await temporaryFolder(t)
  await writeRows(path.join(cwd, 'rows.jsonl'), traceRows(4))
  await writeFile(
    path.join(cwd, 'keep-go.ts'),
    `import { defineFilter } from 'trace-sluice'
     import { testSink } from 'trace-sluice/testing'
     import { z } from 'zod'
     export const keepGo = defineFilter({
       module: import.meta.url,
       name: 'keepGo',
       options: z.strictObject({ language: z.string() }),
       reads: ['language'],
       open: ({ language }) => (row: { language: string | null }) =>
         row.language === language && typeof testSink === 'function' ? null : { reason: 'other_language' },
     })`,
  )
  await writeFile(
    path.join(cwd, 'r.yaml'),
    'from: [rows.jsonl]\nfilters: [{ use: ./keep-go.ts, options: { language: go } }]\n',
  )
  const { code, stdout, stderr } = await sluice(['run', 'r.yaml', '--workers', '2'], { cwd })
  assert.equal(code, 0, stderr)
  assert.match(stdout, /2 of 4 trajectories kept/)
  assert.match(stdout, /other_language .* keepGo$/m)
})
