import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { kernelsRun } from '../../../pipeline/batch/kernel.ts'
import { sampleDirectory } from '../../../sources/sample/sample.ts'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { BIN } from './bin.ts'

const skip = kernelsRun ? false : 'kernels do not run here: no SIMD, or SLUICE_KERNELS=off'

test('a run without kernels writes the same bytes', { skip }, async (t) => {
  const from = new URL(sampleDirectory, import.meta.url).pathname
  const outputs = []
  for (const kernels of ['on', 'off']) {
    const out = path.join(await temporaryFolder(t), 'out')
    const args = [BIN, 'run', '--from', from, '--out', out, '--workers', '1', '--max-tokens', '6000']
    const env = { ...process.env, SLUICE_KERNELS: kernels }
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
    assert.equal(status, 0, stderr)
    const files = (await filesBelow(out)).filter((file) => file !== 'run.json')
    outputs.push(files.map((file) => [file, readFileSync(path.join(out, file), 'base64')]))
  }
  assert.ok(outputs[0]!.length > 3)
  assert.deepEqual(outputs[1], outputs[0])
})
