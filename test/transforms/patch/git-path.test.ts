import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { isDevNull, readHeaderName, readName, unquote } from '../../../transforms/patch/git-path.ts'
import { outside, runGit, withoutGit } from './git-oracle.ts'

after(() => rmSync(outside, { recursive: true, force: true }))

describe('a quoted name', () => {
  it('is unquoted byte by byte', () => {
    assert.deepEqual(unquote('"a/caf\\303\\251\\t\\"\\\\" rest', 0), { name: 'a/café\t"\\', end: 21 })
  })

  it('is none when its quote stays open or an escape is unknown', () => {
    for (const broken of ['"a', '"a\\', '"a\\"', '"\\x41"', '"\\400"', '"\\18 "']) {
      assert.equal(unquote(broken, 0), null, broken)
    }
  })

  it('comes back as it was before git quoted it', { skip: withoutGit }, () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'é', '中', ' ', '\t', '\n', '\r', '"', '\\', '\x01', '7'),
    })
    runGit(outside, ['init', '--quiet', 'names'])
    const repository = join(outside, 'names')
    fc.assert(
      fc.property(name, (suffix) => {
        writeFileSync(join(repository, `x${suffix}\t`), '')
        const listed = runGit(repository, ['ls-files', '--others']).stdout.toString()
        rmSync(join(repository, `x${suffix}\t`))
        assert.deepEqual(unquote(listed, 0), { name: `x${suffix}\t`, end: listed.length - 1 })
      }),
      { numRuns: 50 },
    )
  })
})

describe('the name on a diff --git line', () => {
  it('is the one that stands there twice, spaces or not', () => {
    assert.equal(readHeaderName('a/x b/x', 1), 'x')
    assert.equal(readHeaderName('a/x y/x y b/x y/x y', 1), 'x y/x y')
    assert.equal(readHeaderName('a/x b/x b/x b/x', 1), 'x b/x')
    assert.equal(readHeaderName('"a/\\303\\251" "b/\\303\\251"', 1), 'é')
    assert.equal(readHeaderName('src/x src/x', 0), 'src/x')
  })

  it('is none in renames, in names without prefixes and in cut lines', () => {
    for (const names of ['a/x b/y', 'x x', 'a/x', 'a/x b/x ', '/a/x /b/x', '"a/x" "b/y"', '"a/x" b/x', '']) {
      assert.equal(readHeaderName(names, 1), null, names)
    }
  })
})

describe('the name on a header line', () => {
  it('loses its prefix, ends at a tab or carriage return, and has single slashes', () => {
    const read = (line: string) => readName(line, 0, line.length, 1, true)
    assert.equal(read('a/dir/x y.c\t'), 'dir/x y.c')
    assert.equal(read('b//dir//x.c\r'), '/dir/x.c')
    assert.equal(read('"b/tab\\t.c"'), 'tab\t.c')
    assert.equal(read('"b/open'), 'open')
    assert.equal(read('x.c'), null)
  })

  it('is /dev/null only where nothing else follows', () => {
    assert.ok(isDevNull('/dev/null') && isDevNull('/dev/null\t1970-01-01') && isDevNull('/dev/null\r'))
    assert.ok(!isDevNull('/dev/nullable') && !isDevNull('a/dev/null'))
  })
})
