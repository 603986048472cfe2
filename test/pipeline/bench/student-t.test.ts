import assert from 'node:assert/strict'
import { test } from 'node:test'
import { studentT } from '../../../pipeline/bench/student-t.ts'

test("Student's quantiles are those of the tables, to three digits", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
  const table: readonly [two: number, degrees: number, value: number][] = [
    [0.05, 1, 12.706],
    [0.05, 2, 4.303],
    [0.05, 3, 3.182],
    [0.05, 4, 2.776],
    [0.05, 8, 2.306],
    [0.05, 30, 2.042],
    [0.05, 100, 1.984],
    [0.01, 1, 63.657],
    [0.01, 4, 4.604],
    [0.01, 30, 2.75],
    [0.2, 5, 1.476],
    [0.2, 60, 1.296],
  ]
  for (const [two, degrees, value] of table) {
    const error = Math.abs(studentT(two, degrees) / value - 1)
    assert.ok(error < 1e-3, `${degrees} degrees, ${two}: ${studentT(two, degrees)} for ${value}`)
  }
})
