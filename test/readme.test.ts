import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readmeTexts } from './support/readme.ts'

test("the README's tables say what the code says (npm run readme writes them)", () => {
  const { present, current } = readmeTexts()
  assert.equal(present, current)
})
