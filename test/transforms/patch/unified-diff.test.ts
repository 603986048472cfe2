import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { analysePatch } from '../../../transforms/patch/analyse-patch.ts'
import { readUnifiedDiff } from '../../../transforms/patch/unified-diff.ts'
import { gitNumstat, outside, runGit, withoutGit } from './git-oracle.ts'
import { ownNumstat } from './numstat.ts'

const folder = new URL('golden/', import.meta.url)
const goldenPatches = readdirSync(folder)
  .filter((file) => file.endsWith('.patch'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))

after(() => rmSync(outside, { recursive: true, force: true }))

const fileNames = [
  'setup.py',
  'src/with space.ts',
  'src/ünïcode.rs',
  'src/tab\tand "quote".c',
  'new\nline.txt',
  'deep/er/Main.java',
  'b',
  'a/b',
  'x y/x y',
]

const hostileLines = [
  '',
  'a',
  'b',
  '-- x',
  '++ y',
  '@@ -1 +1 @@',
  'diff --git a/x b/x',
  '--- a/x',
  '\\ note here!',
]

const text = fc
  .record({
    lines: fc.array(fc.oneof(fc.constantFrom(...hostileLines), fc.string({ maxLength: 8 })), {
      maxLength: 20,
    }),
    newline: fc.constantFrom('\n', '\n', '\r\n'),
    endsWithNewline: fc.boolean(),
  })
  .map(({ lines, newline, endsWithNewline }) =>
    Buffer.from(lines.join(newline) + (endsWithNewline ? newline : '')),
  )

const content = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from([0, ...bytes])) },
)

/** A file before and after: null where it is missing. Often the same content, so that renames are found. */
const edit = fc.record({
  before: fc.option(content, { freq: 3 }),
  after: fc.option(fc.oneof(content, fc.constant('before' as const)), { freq: 3 }),
  executable: fc.boolean(),
  insert: fc.option(fc.string({ maxLength: 5 })),
})

const diffOptions = [
  [],
  ['--binary'],
  ['-U0'],
  ['-U1'],
  ['-M', '-C', '--find-copies-harder'],
  ['-M', '--binary'],
]

describe('a patch read as git reads it', { skip: withoutGit }, () => {
  it("gives git's numbers for the diffs of random edits, file by file", () => {
    const repository = mkdtempSync(join(outside, 'repository-'))
    runGit(repository, ['init', '--quiet'])
    const property = fc.property(
      fc.array(edit, { minLength: fileNames.length, maxLength: fileNames.length }),
      fc.constantFrom(...diffOptions),
      fc.boolean(),
      (edits, options, quotes) => {
        const before = writeTree(repository, edits, 'before')
        const afterwards = writeTree(repository, edits, 'after')
        const config = ['-c', `core.quotePath=${quotes}`]
        const diff = runGit(repository, [...config, 'diff-tree', '-r', '-p', ...options, before, afterwards])
        const patch = diff.stdout.toString()
        assert.deepEqual(ownNumstat(patch), gitNumstat(patch))
      },
    )
    fc.assert(property, { numRuns: 25 })
  })

  it('is accepted and refused as by git after its lines were deleted, doubled, cut and mixed', () => {
    const verdicts = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(
        fc.constantFrom(...goldenPatches),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (patch, mutations) => {
          const mutated = mutations.reduce((lines, mutate) => mutate(lines), patch.split('\n')).join('\n')
          const expected = gitNumstat(mutated)
          verdicts[expected ? 'accepted' : 'refused']++
          assert.deepEqual(ownNumstat(mutated), expected)
        },
      ),
      { numRuns: 400 },
    )
    assert.ok(verdicts.accepted > 50 && verdicts.refused > 50, JSON.stringify(verdicts))
  })
})

/** Writes one side of the edits into the repository and answers the tree's name. */
function writeTree(repository: string, edits: readonly Edit[], side: 'before' | 'after'): string {
  for (const entry of readdirSync(repository)) {
    if (entry !== '.git') rmSync(join(repository, entry), { recursive: true })
  }
  for (const [index, { before, after: later, executable, insert }] of edits.entries()) {
    let bytes = before
    if (side === 'after') bytes = later === 'before' ? (before ?? null) : later
    if (bytes === null) continue
    const grown = side === 'after' && insert !== null ? Buffer.concat([bytes, Buffer.from(insert)]) : bytes
    const path = join(repository, fileNames[index] ?? '')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, grown)
    chmodSync(path, executable && side === 'after' ? 0o755 : 0o644)
  }
  runGit(repository, ['add', '--all'])
  return runGit(repository, ['write-tree']).stdout.toString().trim()
}

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

/** Lines that mean something to git, to be put where they don't belong. */
const strayLines = [
  'diff --git a/x b/x',
  'diff --git "a/q\\tx" "b/q\\tx"',
  'diff --git x x',
  'index 123..456 100644',
  '--- a/x',
  '+++ b/x',
  '--- /dev/null',
  '+++ /dev/null',
  '--- x',
  '+++ x',
  '--- "a/x',
  '+++ b/x\t2010-07-05 19:41:17 +0000',
  '@@ -1 +1 @@',
  '@@ -0,0 +1,2 @@',
  '@@ -1',
  'new file mode 100644',
  'deleted file mode 100644',
  'new mode 1x',
  'rename from x',
  'rename to y',
  'copy from x',
  'GIT binary patch',
  'literal 0',
  'HcmV?d00001',
  'Binary files a/x and b/x differ',
  '\\ No newline at end of file',
  '\\ 没有换行',
  '\\ x',
  '',
  ' ',
  '+',
  '-',
]

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** One change to a patch's lines. */
const mutation: fc.Arbitrary<(lines: string[]) => string[]> = fc
  .record({
    kind: fc.constantFrom(
      'delete',
      'double',
      'insert',
      'cutBefore',
      'cutAfter',
      'shorten',
      'lengthen',
      'splice',
    ),
    at: place,
    within: place,
    stray: fc.constantFrom(...strayLines),
    tail: fc.constantFrom('\r', ' ', '\t', '"', '1'),
    other: fc.constantFrom(...goldenPatches),
  })
  .map(({ kind, at, within, stray, tail, other }) => (lines) => {
    const index = Math.floor(at * lines.length)
    const line = lines[index] ?? ''
    switch (kind) {
      case 'delete':
        return lines.toSpliced(index, 1)
      case 'double':
        return lines.toSpliced(index, 0, line)
      case 'insert':
        return lines.toSpliced(index, 0, stray)
      case 'cutBefore':
        return lines.slice(index)
      case 'cutAfter':
        return lines.slice(0, index)
      case 'shorten':
        return lines.toSpliced(index, 1, line.slice(0, Math.floor(within * line.length)))
      case 'lengthen':
        return lines.toSpliced(index, 1, line + tail)
      default:
        return [...lines.slice(0, index), ...other.split('\n')]
    }
  })

describe('reading a patch', () => {
  /** Processor time, which other programs on the machine do not stretch as they do the clock. */
  function microseconds(patch: string): number {
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage()
      analysePatch(patch)
      const { user, system } = process.cpuUsage(start)
      return user + system
    })
    return Math.min(...times)
  }

  const hunk = '@@ -1 +1 @@\n-a\n+b\n'
  const hostile: Readonly<Record<string, (size: number) => string>> = {
    'many short lines': (size) => `--- a/x\n+++ b/x\n@@ -0,0 +1,${size} @@\n${'+\n'.repeat(size)}`,
    'many files': (size) => `--- a/x\n+++ b/x\n${hunk}`.repeat(size / 32),
    'one long line': (size) => `--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+${'é'.repeat(size)}\n`,
    'a header of spaces': (size) => `diff --git a/${' '.repeat(size)}b/x\nindex 1..2\n`,
    'a header of spaces and slashes': (size) => `diff --git a/${' /'.repeat(size)}b/x\nindex 1..2\n`,
    'open quotes': (size) => `--- "a/x\n+++ b/x\n${hunk}`.repeat(size / 32),
    'escapes in a name': (size) => `--- "a/${'\\303\\251'.repeat(size / 8)}"\n+++ b/x\n${hunk}`,
    'slashes in a name': (size) => `--- a${'/'.repeat(size)}x\n+++ b/x\n${hunk}`,
    'words in a name': (size) => `--- a/x\n+++ b/${'aB1.'.repeat(size / 4)}\n${hunk}`,
    'digits in a hunk header': (size) => `--- a/x\n+++ b/x\n@@ -${'1'.repeat(size)}x\n`,
    'tabs and timestamps': (size) => `--- a/x${'\t1970-01-01 '.repeat(size / 8)}\n+++ b/x\n${hunk}`,
    'unfinished hunks in prose': (size) => '@@ -1,1 +1,\n--- \n+++ \n'.repeat(size / 8),
    'digits of base 85': (size) =>
      `diff --git a/x b/x\nindex 1..2\nGIT binary patch\nliteral 9\n${'D00000\n'.repeat(size / 8)}\n`,
  }

  for (const [name, make] of Object.entries(hostile)) {
    it(`takes time in proportion to the length: ${name}`, () => {
      const [small, large] = [200_000, 1_600_000]
      analysePatch(make(small))
      const [before, afterwards] = [microseconds(make(small)), microseconds(make(large))]
      // Eight times the length: quadratic time would be sixty-four times as long.
      assert.ok(afterwards < 32 * Math.max(before, 1000), `${before} µs, then ${afterwards} µs`)
    })
  }

  it('names the line and the reason of a refusal', () => {
    const refusal = readUnifiedDiff('--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\nc\n', () => undefined)
    assert.equal(refusal, 'line 6: the hunk ends after 2 of 3 old lines and 1 of 3 new lines')
  })

  it('reads empty files in directories whose name ends with a space, which older git refuses', () => {
    assert.deepEqual(ownNumstat('diff --git a/d /x b/d /x\nold mode 100644\nnew mode 100755\n'), [
      '0\t0\td /x',
    ])
  })

  it('takes data on trust that inflates beyond what reading the patch costs', () => {
    const patch = 'diff --git a/x b/x\nindex 1..2\nGIT binary patch\nliteral 999999\nHcmV?d00001\n\n'
    assert.deepEqual(ownNumstat(patch), ['-\t-\tx'])
    const broken = readUnifiedDiff(patch.replace('999999', '9'), () => undefined)
    assert.equal(broken, 'broken binary data')
  })
})
