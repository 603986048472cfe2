import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { columnsOf } from '../../../pipeline/cli/safe-text.ts'
import { openScreen } from '../../../pipeline/cli/screen.ts'
import { type SummaryOptions, summary } from '../../../pipeline/cli/summary.ts'
import type { Curation } from '../../../pipeline/curation.ts'
import { networkUse } from '../../../pipeline/runners/network-use.ts'

const receipt = (path: string, rows: number) => ({ path, rows, bytes: 28_600, sha256: '' })

const curation = {
  tally: { rows: 1000, kept: 380, dropped: { language_not_listed: 400, too_many_tokens: 215 }, failed: 5 },
  tokens: { kept: 71_986_123, measured: 301_584_456 },
  seconds: 81,
  languages: {
    before: [
      ['python', { rows: 600, tokens: 200_000_000 }],
      ['a language of a long name', { rows: 395, tokens: 101_584_456 }],
    ],
    after: [['python', { rows: 380, tokens: 71_986_123 }]],
  },
  labels: [['data/minisweagent/scripted/small-bugs', { passed: 1, failed: 0, ungraded: 999 }]],
  receipts: [
    receipt('data/train-00000.jsonl', 380),
    receipt('analysis/trajectories-00000.parquet', 1000),
    receipt('failed/failed-00000.jsonl', 5),
  ],
  run: {
    ignored: [{ file: 'data/README.md', why: 'it is neither Parquet nor JSON lines' }],
    network: networkUse(
      { requests: 1234, bytes: 30_000_000 },
      new Map([['hf://datasets/a/b@0/x.parquet', { requests: 1200, bytes: 29_000_000 }]]),
      [
        {
          file: 'hf://datasets/a/b@0/x.parquet',
          bytes: 200_000_000,
          rows: 1,
          format: 'parquet',
          unreadBytes: 9e6,
          published: { sha256: null, gitSha1: null, onDisk: null },
        },
        { file: 'y.parquet', bytes: 50_000_000, rows: 1, format: 'parquet', unreadBytes: 9e6 },
      ],
    ),
  },
} as unknown as Curation

const { paint } = openScreen(process.stdout)
const linesAt = (room: number): string[] => {
  const options: SummaryOptions = {
    screen: { room, paint },
    out: 'out',
    encoding: 'o200k_base',
    stepsByReason: new Map([
      ['language_not_listed', ['keepLanguages']],
      ['too_many_tokens', ['keepWithinTokens']],
    ]),
    next: {
      command: "npx sluice explain 'my out' 64df90e2-c80c-8709-b260-53fa04c6963a",
      does: 'Why a row was dropped',
    },
  }
  return stripVTControlCharacters(summary(curation, options)).split('\n')
}

describe('the summary of a run', () => {
  for (const room of [120, 100, 80, 60, 50])
    test(`fits a terminal of ${room} columns`, () => {
      const wide = linesAt(room).filter((line) => columnsOf(line) > room)
      assert.deepEqual(wide, [])
    })

  test('names the files that were passed over', () => {
    assert.match(linesAt(100).join('\n'), /Passed over 1 file\n {2}data\/README\.md +it is neither Parquet/)
  })

  test('shortens its bars before it leaves out which steps dropped rows', () => {
    const dropped = (room: number) => linesAt(room).find((line) => line.includes('too_many_tokens'))!
    const bar = (room: number) => /[█▏▎▍▌▋▊▉]+/.exec(dropped(room))?.[0].length ?? 0
    assert.ok(bar(60) < bar(100))
    assert.match(dropped(60), /keepWithinTokens$/)
    assert.doesNotMatch(dropped(45), /keepWithinTokens/)
    assert.ok(bar(45) > 0)
  })

  test('gives a command that does not fit in lines that a shell takes as one', () => {
    const command = linesAt(50).slice(-3)
    assert.deepEqual(command, [
      "    npx sluice explain 'my out' \\",
      '    64df90e2-c80c-8709-b260-53fa04c6963a',
      '',
    ])
  })

  test('cuts nothing and puts a command on one line where there is no terminal', () => {
    const lines = linesAt(Number.POSITIVE_INFINITY)
    assert.ok(lines.some((line) => line.includes('a language of a long name')))
    assert.ok(lines.every((line) => !line.includes('…')))
    assert.match(lines.at(-2)!, /^ {2}Why a row was dropped: npx sluice explain .*963a$/)
  })
})

test('the summary says what came over the network, of what the files there are, and what was spared', () => {
  assert.match(
    linesAt(200).join('\n'),
    /^ {2}From the Hub: 1,234 requests, 30\.0 MB of 200 MB \(15 %\); avoided: 9\.00 MB in columns that no step reads, 161 MB of rows that were refused early or not asked for$/m,
  )
})
