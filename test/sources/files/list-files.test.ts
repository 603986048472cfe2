import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { SourceError } from '../../../pipeline/errors.ts'
import { detectFormat } from '../../../sources/files/file-format.ts'
import { listFiles } from '../../../sources/files/list-files.ts'

const back = process.cwd()
let folder: string

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-files-'))
  process.chdir(folder)
  for (const path of [
    'data/a/x.jsonl',
    'data/a-b/x.jsonl',
    'data/B.jsonl',
    'data/é.jsonl',
    'data/.hidden',
    'data/.git/x.jsonl',
  ]) {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, '{}\n')
  }
  mkdirSync('empty')
})

after(() => {
  process.chdir(back)
  rmSync(folder, { recursive: true, force: true })
})

describe('listing files', () => {
  test('goes through a directory by path in code units and skips what starts with a dot', () => {
    const files = ['data/B.jsonl', 'data/a-b/x.jsonl', 'data/a/x.jsonl', 'data/é.jsonl']
    assert.deepEqual(listFiles(['data']), { files, named: new Set(), ignored: [] })
  })

  test('keeps paths as they were written', () => {
    assert.deepEqual(listFiles(['./data/B.jsonl']).files, ['./data/B.jsonl'])
    assert.deepEqual(listFiles(['./data/a/']).files, ['./data/a/x.jsonl'])
    assert.deepEqual(listFiles([join(folder, 'data/a')]).files, [`${folder}/data/a/x.jsonl`])
  })

  test('expands a glob in path order, without hidden files', () => {
    assert.deepEqual(listFiles(['data/*/x.jsonl']).files, ['data/a-b/x.jsonl', 'data/a/x.jsonl'])
    assert.deepEqual(listFiles(['data/**']).files, listFiles(['data']).files)
  })

  test('keeps the order of several paths and reads a file once', () => {
    const { files, ignored } = listFiles(['data/é.jsonl', 'data/a', 'data/a/x.jsonl'])
    assert.deepEqual(files, ['data/é.jsonl', 'data/a/x.jsonl'])
    assert.deepEqual(ignored, [{ file: 'data/a/x.jsonl', why: 'it is read already, as data/a/x.jsonl' }])
  })

  test('follows links to directories, but not in circles', () => {
    mkdirSync('linked')
    symlinkSync('../data/a', 'linked/there', 'dir')
    symlinkSync('..', 'linked/up', 'dir')
    symlinkSync('nowhere', 'linked/broken')
    const { files } = listFiles(['linked'])
    assert.ok(files.includes('linked/there/x.jsonl'))
    assert.ok(files.length < 20)
    rmSync('linked', { recursive: true })
  })

  test('says which path stands for nothing', () => {
    for (const path of ['missing.parquet', 'data/*.csv', 'empty'])
      assert.throws(
        () => listFiles(['data', path]),
        (error) => error instanceof SourceError && error.message.startsWith(path),
      )
  })
})

describe('the format of a file', () => {
  const formats: [string, Buffer, unknown][] = [
    ['Parquet by its first bytes', Buffer.from('PAR1 and so on'), { kind: 'parquet' }],
    ['JSON lines', Buffer.from('{"a":1}'), { kind: 'jsonl', compression: 'none' }],
    [
      'JSON lines after a mark and blank lines',
      Buffer.from('\ufeff\r\n \t\n{"a":1}'),
      { kind: 'jsonl', compression: 'none' },
    ],
    ['Gzip', gzipSync('{}'), { kind: 'jsonl', compression: 'gzip' }],
    ['Zstd', zstdCompressSync('{}'), { kind: 'jsonl', compression: 'zstd' }],
    ['an empty file', Buffer.alloc(0), { kind: 'other', why: 'it is empty' }],
    ['blanks', Buffer.from(' \n'), { kind: 'other', why: 'it holds only blanks' }],
    [
      'JSON for people',
      Buffer.from('{\n  "messages": []\n}\n'),
      { kind: 'other', why: 'it is one JSON document, not JSON lines' },
    ],
    ['anything else', Buffer.from('[1]'), { kind: 'other', why: 'it is neither Parquet nor JSON lines' }],
  ]
  for (const [what, bytes, format] of formats)
    test(`is told from the bytes, not the name: ${what}`, () => {
      writeFileSync('misnamed.txt', bytes)
      assert.deepEqual(detectFormat('misnamed.txt'), format)
      rmSync('misnamed.txt')
    })
})
