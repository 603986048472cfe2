import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bar, bytes, count, counted, duration, share, short } from '../../../pipeline/cli/amounts.ts'

describe('amounts', () => {
  for (const [made, words] of [
    [count(1234567), '1,234,567'],
    [counted(1, 'row'), '1 row'],
    [counted(0, 'row'), '0 rows'],
    [short(999), '999'],
    [short(999.9), '1.00 k'],
    [short(12_345), '12.3 k'],
    [short(999_960), '1.00 M'],
    [bytes(512), '512 B'],
    [bytes(676_000_000), '676 MB'],
    [duration(3.21), '3.2 s'],
    [duration(59.96), '1 min 00 s'],
    [duration(3725), '1 h 02 min'],
    [share(0, 0), '0 %'],
    [share(1, 1000), '<1 %'],
    [share(999, 1000), '>99 %'],
    [share(1, 3), '33 %'],
    [bar(0, 10, 8), ''],
    [bar(1, 1_000_000, 8), '▏'],
    [bar(1, 2, 8), '████'],
    [bar(10, 10, 8), '████████'],
  ])
    test(`${words || 'nothing'}`, () => assert.equal(made, words))
})
