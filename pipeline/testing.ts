import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, test } from 'node:test'
import type { z } from 'zod'
import type { Receipt, SinkWriter } from './graph/sink.ts'
import type { SinkFactory } from './graph/write.ts'
import { encodeRows, lendBundles } from './testing/sink-bundles.ts'

export interface SinkCase<In, Schema extends z.ZodType> {
  /** what `defineSink` returned */
  readonly sink: SinkFactory<In, Schema>
  readonly options: z.input<Schema>
  /** At least four rows, as the steps before the sink leave them. Some are marked dropped and failed. */
  readonly rows: readonly In[]
  /** Reads a committed file back: one value a row, in order. */
  read(file: string): readonly unknown[] | Promise<readonly unknown[]>
}

/**
 * Registers tests (node:test) that hold a sink to its contract: what `SinkDefinition` and `SinkWriter` promise.
 * The sink is driven as a run drives it: rows are encoded and sealed bundle by bundle, then written in order.
 */
export function testSink<In, Schema extends z.ZodType>(name: string, sinkCase: SinkCase<In, Schema>): void {
  const { sink, rows } = sinkCase
  const { definition } = sink
  const options = definition.options.parse(sinkCase.options) as z.output<Schema>
  assert.ok(rows.length >= 4, `testSink: ${name} needs at least four rows`)
  const together = [rows.length]
  const oneByOne = rows.map(() => 1)
  const uneven = [0, 1, rows.length - 2, 0, 1]

  const open = async (directory: string): Promise<SinkWriter> =>
    definition.open(options, { sink: name, directory, signal: new AbortController().signal })

  const writeAll = async (
    writer: SinkWriter,
    sizes: readonly number[],
    { spoiled } = { spoiled: false },
  ): Promise<void> => {
    for (const { bundle, spoil } of await lendBundles(definition, options, rows, sizes)) {
      await writer.write(bundle)
      if (spoiled) spoil()
    }
  }

  const run = async (directory: string, sizes: readonly number[]): Promise<readonly Receipt[]> => {
    const writer = await open(directory)
    await writeAll(writer, sizes)
    return writer.commit()
  }

  const readAll = async (directory: string, receipts: readonly Receipt[]): Promise<unknown[]> => {
    const read: unknown[] = []
    for (const receipt of receipts) read.push(...(await sinkCase.read(path.join(directory, receipt.path))))
    return read
  }

  describe(`${name} keeps the contract of sinks`, () => {
    test('its module exports it under its name', async () => {
      const module = await import(definition.module)
      assert.equal(module[definition.name], sink)
    })

    test('its options can travel to another thread', () => {
      assert.deepEqual(structuredClone(options), options)
    })

    test('a row is encoded alike with and without neighbours, from the members that are declared', async () => {
      const encode = async (sizes: readonly number[]) =>
        Buffer.concat((await encodeRows(definition, options, rows, sizes)).filter((piece) => piece !== null))
      assert.deepEqual(await encode(oneByOne), await encode(together))
    })

    test('before commit no file is visible', () =>
      inDirectory(async (directory) => {
        const writer = await open(directory)
        await writeAll(writer, oneByOne)
        assert.deepEqual(await visibleFiles(directory), [])
        await writer.commit()
        assert.notDeepEqual(await visibleFiles(directory), [])
      }))

    test('receipts name the files that are there, with their true rows, bytes and hashes', () =>
      inDirectory(async (directory) => {
        const receipts = await run(directory, uneven)
        assert.deepEqual(await filesIn(directory), pathsOf(receipts))
        for (const receipt of receipts) {
          const file = path.join(directory, receipt.path)
          const bytes = await readFile(file)
          assert.equal(receipt.bytes, bytes.length)
          assert.equal(receipt.sha256, createHash('sha256').update(bytes).digest('hex'))
          assert.equal(receipt.rows, (await sinkCase.read(file)).length)
        }
        assert.equal((await readAll(directory, receipts)).length, rows.length)
      }))

    test('bundles of any size give the same rows in the same order', () =>
      inDirectories(3, async (directories) => {
        const results: unknown[][] = []
        for (const [at, sizes] of [together, oneByOne, uneven].entries())
          results.push(await readAll(directories[at]!, await run(directories[at]!, sizes)))
        assert.deepEqual(results[1], results[0])
        assert.deepEqual(results[2], results[0])
      }))

    test('the same bundles give the same bytes', () =>
      inDirectories(2, async ([first, second]) => {
        assert.deepEqual(await run(second!, uneven), await run(first!, uneven))
      }))

    test('what it keeps of a bundle after write is its own copy', () =>
      inDirectories(2, async ([first, second]) => {
        const writer = await open(second!)
        await writeAll(writer, uneven, { spoiled: true })
        assert.deepEqual(await writer.commit(), await run(first!, uneven))
      }))

    test('no rows at all are a commit like any other', () =>
      inDirectory(async (directory) => {
        const receipts = await run(directory, [])
        assert.deepEqual(await filesIn(directory), pathsOf(receipts))
        assert.deepEqual(await readAll(directory, receipts), [])
        assert.ok(receipts.every((receipt) => receipt.rows === 0))
      }))

    for (const [when, sizes] of [
      ['before the first row', []],
      ['after the last row', oneByOne],
    ] as const)
      test(`abort ${when} leaves no file`, () =>
        inDirectory(async (directory) => {
          const writer = await open(directory)
          await writeAll(writer, sizes)
          await writer.abort(new Error('the run was cancelled'))
          assert.deepEqual(await filesIn(directory), [])
        }))

    test('an output directory that can not be written is an error', () =>
      inDirectory(async (directory) => {
        const notADirectory = path.join(directory, 'file')
        await writeFile(notADirectory, '')
        await assert.rejects(run(notADirectory, together))
        assert.deepEqual(await filesIn(directory), ['file'])
      }))

    test('a commit that can not name its last file rejects, and with abort leaves no file', () =>
      inDirectories(2, async ([good, bad]) => {
        const last = (await run(good!, oneByOne)).at(-1)!
        const obstacle = `${last.path}/obstacle`
        await mkdir(path.join(bad!, last.path), { recursive: true })
        await writeFile(path.join(bad!, obstacle), '')
        const writer = await open(bad!)
        await writeAll(writer, oneByOne)
        await assert.rejects(writer.commit())
        await writer.abort(new Error('commit failed'))
        assert.deepEqual(await filesIn(bad!), [obstacle])
      }))
  })
}

async function inDirectories(
  count: number,
  body: (directories: readonly string[]) => Promise<void>,
): Promise<void> {
  const directories: string[] = []
  try {
    while (directories.length < count) directories.push(await mkdtemp(path.join(tmpdir(), 'sluice-sink-')))
    await body(directories)
  } finally {
    for (const directory of directories) await rm(directory, { recursive: true, force: true })
  }
}

function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  return inDirectories(1, ([directory]) => body(directory!))
}

/** Paths of all files, relative, with forward slashes, sorted. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort()
}

async function visibleFiles(directory: string): Promise<string[]> {
  return (await filesIn(directory)).filter((file) => !file.split('/').some((part) => part.startsWith('.')))
}

function pathsOf(receipts: readonly Receipt[]): string[] {
  return receipts.map((receipt) => receipt.path).sort()
}
