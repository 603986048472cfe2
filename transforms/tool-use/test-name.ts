import { wordSet } from './word-set.ts'

const TEST_WORDS = wordSet('test tests runtest runtests unittest')
/** Spec files are tests where the language's runners call them so; a `build_spec.py` is about a specification. */
const SPEC = /^spec(?:$|:)|[^a-z0-9]spec\.(?:[cm]?[jt]sx?|coffee|rb|lua|cr)$/

/**
 * Whether a script, a task or a target is a test by its name: one of the words in it is `test` or the like
 * (`tests/runtests.py`, `test_fields.py`, `run-tests.sh`, `test:unit`), or it is a spec (`parser.spec.ts`,
 * `user_spec.rb`, a task `spec:models`). Only the last part of a path counts.
 */
export function isTestName(name: string): boolean {
  const at = name.lastIndexOf('/') + 1
  const last = name.slice(at, at + 200).toLowerCase()
  // Most names hold no such word, and need no taking apart.
  return (
    (last.includes('test') && last.split(/[^a-z0-9]/).some((word) => TEST_WORDS.has(word))) || SPEC.test(last)
  )
}
