import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { kernelsRun } from '../../../pipeline/batch/kernel.ts'
import { filesBelow, temporaryFolder } from '../../support/runners.ts'
import { SAMPLE_DATA, sluice } from './bin.ts'

const skip = kernelsRun ? false : 'kernels do not run here: no SIMD, or SLUICE_KERNELS=off'

test('a run without kernels writes the same bytes', { skip }, async (t) => {
  const outputs = []
  for (const kernels of ['on', 'off']) {
    const cwd = await temporaryFolder(t)
    const out = path.join(cwd, 'out')
    const args = ['run', '--from', SAMPLE_DATA, '--out', out, '--workers', '1', '--max-tokens', '6000']
    const { code, stderr } = await sluice(args, { cwd, env: { SLUICE_KERNELS: kernels } })
    assert.equal(code, 0, stderr)
    const files = (await filesBelow(out)).filter((file) => file !== 'run.json')
    outputs.push(files.map((file) => [file, readFileSync(path.join(out, file), 'base64')]))
  }
  assert.ok(outputs[0]!.length > 3)
  assert.deepEqual(outputs[1], outputs[0])
})
