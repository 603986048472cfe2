import assert from 'node:assert/strict'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import {
  boolean,
  type Field,
  list,
  number,
  type Struct,
  string,
  struct,
} from '../../../pipeline/batch/schema.ts'
import { ByteWriter } from '../../../pipeline/graph/byte-writer.ts'
import { readEntries } from '../../../pipeline/shred/read-entries.ts'
import { shreddedLeaves } from '../../../pipeline/shred/shredded-leaf.ts'
import { Shredder } from '../../../pipeline/shred/shredder.ts'
import { AtomicFile } from '../../../sinks/atomic-file.ts'
import { packPages, unpackPages } from '../../../sinks/parquet/bundle-pages.ts'
import { NestedFile } from '../../../sinks/parquet/nested-file.ts'
import { schemaElements } from '../../../sinks/parquet/schema-elements.ts'
import { temporaryDirectory } from '../../sinks/drive.ts'
import { readNested } from '../../support/read-parquet.ts'

type Records = Record<string, unknown>[]

function shred(schema: Struct, records: Records): Buffer {
  const writer = new ByteWriter()
  const shredder = new Shredder(schema)
  for (const record of records) shredder.write(record, writer)
  return Buffer.from(writer.take())
}

/** Entries as leaf, repetition level, definition level, and whether there is a value. */
function entriesOf(schema: Struct, records: Records): unknown[] {
  const entries: unknown[] = []
  const leaves = shreddedLeaves(schema)
  readEntries(shred(schema, records), leaves, (leaf, repetition, definition, start, end) => {
    entries.push([leaves[leaf]!.path.join('.'), repetition, definition, end > start])
  })
  return entries
}

test('records are taken apart as in the Dremel paper, fields and elements being optional', () => {
  const schema = struct({ links: list(struct({ url: string(), tags: list(number()) })) })
  const url = 'links.list.element.url'
  const tags = 'links.list.element.tags.list.element'
  assert.deepEqual(
    entriesOf(schema, [
      { links: [{ url: 'a', tags: [1, 2] }, { tags: [] }, null] },
      { links: [] },
      { links: null },
    ]),
    [
      [url, 0, 4, true],
      [tags, 0, 6, true],
      [tags, 2, 6, true],
      [url, 1, 3, false],
      [tags, 1, 4, false],
      [url, 1, 2, false],
      [tags, 1, 2, false],
      [url, 0, 1, false],
      [tags, 0, 1, false],
      [url, 0, 0, false],
      [tags, 0, 0, false],
    ],
  )
})

const LEAVES = [string(), string({ json: true }), number(), boolean()]

const anyField: fc.Arbitrary<Field> = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'field' },
    fc.constantFrom(...LEAVES),
    tie('field').map((element) => list(element)),
    fc
      .array(tie('field'), { minLength: 1, maxLength: 3, depthIdentifier: 'field' })
      .map((fields) => struct(Object.fromEntries(fields.map((field, at) => [`m${at}`, field])))),
  ),
})).field

function anyValue(field: Field): fc.Arbitrary<unknown> {
  return fc.option(anyPresent(field), { nil: null, freq: 4 })
}

function anyPresent(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'struct':
      return fc.record(
        Object.fromEntries(Object.entries(field.fields).map(([name, inner]) => [name, anyValue(inner)])),
      )
    case 'list':
      return fc.array(anyValue(field.element), { maxLength: 4 })
    case 'string':
      return field.json ? fc.constantFrom('{"a":1}', '[]', '"text"') : fc.string({ unit: 'grapheme' })
    case 'number':
      return fc.maxSafeInteger()
    case 'boolean':
      return fc.boolean()
  }
}

const anyFile = fc
  .array(anyField, { minLength: 1, maxLength: 3 })
  .map((fields) => struct(Object.fromEntries(fields.map((field, at) => [`f${at}`, field]))))
  .chain((schema) =>
    fc.record({
      schema: fc.constant(schema),
      bundles: fc.array(fc.array(anyPresent(schema), { minLength: 1, maxLength: 6 }), {
        minLength: 1,
        maxLength: 3,
      }) as fc.Arbitrary<Records[]>,
    }),
  )

async function throughFile(
  context: TestContext,
  schema: Struct,
  bundles: readonly Records[],
): Promise<Records> {
  const directory = await temporaryDirectory(context)
  const sink = { sink: 'nested', directory, signal: context.signal }
  const file = await AtomicFile.open(sink, 'nested.parquet')
  const leaves = shreddedLeaves(schema)
  const nested = new NestedFile(file, { schema: schemaElements(schema), leaves, codec: 'ZSTD' })
  for (const records of bundles)
    await nested.append(unpackPages(packPages(shred(schema, records), leaves, 'zstd')), records.length)
  await nested.complete()
  await file.finish()
  await file.publish()
  return readNested(path.join(directory, 'nested.parquet'))
}

/** A record as it is read back: JSON texts as what they stand for. */
function readBack(field: Field, value: unknown): unknown {
  if (value === null) return null
  switch (field.kind) {
    case 'struct':
      return Object.fromEntries(
        Object.entries(field.fields).map(([name, inner]) => [
          name,
          readBack(inner, (value as Record<string, unknown>)[name]),
        ]),
      )
    case 'list':
      return (value as unknown[]).map((element) => readBack(field.element, element))
    case 'string':
      return field.json ? JSON.parse(value as string) : value
    default:
      return value
  }
}

test('any records of any schema are read back from a file as they were', async (context) => {
  await fc.assert(
    fc.asyncProperty(anyFile, async ({ schema, bundles }) => {
      const read = await throughFile(context, schema, bundles)
      assert.deepEqual(
        read,
        bundles.flat().map((record) => readBack(schema, record)),
      )
    }),
    { numRuns: 60 },
  )
})
