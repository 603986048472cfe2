import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { decompressionRates } from '../../../sources/parquet/decompression-rates.ts'
import { sampleDirectory } from '../../../sources/sample/sample.ts'

const folder = fileURLToPath(sampleDirectory)
const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.parquet'),
)
const golden = (name: string) => fileURLToPath(new URL(`golden/${name}.parquet`, import.meta.url))

test('the codecs of the pages that a file really has get a rate each', async () => {
  for (const name of samples) {
    const rates = await decompressionRates(path.join(folder, name))
    assert.deepEqual(
      rates.map(({ codec }) => codec),
      ['SNAPPY'],
      name,
    )
    assert.ok(rates[0]!.bytesPerSecond > 0 && Number.isFinite(rates[0]!.bytesPerSecond))
  }
})

test('a file of which no page is compressed as a whole has none', async () => {
  for (const { codec, bytesPerSecond } of await decompressionRates(golden('version-2-checksums')))
    assert.ok(codec !== 'UNCOMPRESSED' && Number.isFinite(bytesPerSecond))
})

test('a file that is not there can not be read', async () => {
  await assert.rejects(decompressionRates('nowhere.parquet'), { code: 'SOURCE_UNREADABLE' })
})
