import { wordSet } from './word-set.ts'

const TEST_WORDS = wordSet('test tests runtest runtests spec unittest')

/**
 * Whether a script, a task or a target is a test by its name: one of the words in it is `test` or the like
 * (`tests/runtests.py`, `test_fields.py`, `run-tests.sh`, `parser.spec.ts`, `test:unit`). Only the last part of a
 * path counts.
 */
export function isTestName(name: string): boolean {
  const last = name.slice(name.lastIndexOf('/') + 1, name.lastIndexOf('/') + 1 + 200)
  return last
    .toLowerCase()
    .split(/[^a-z0-9]/)
    .some((word) => TEST_WORDS.has(word))
}
