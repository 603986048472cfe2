import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Memory } from '../../../pipeline/batch/memory.ts'
import { MetricSet } from '../../../pipeline/graph/metrics.ts'
import type { JudgeFace, StepContext } from '../../../pipeline/graph/step.ts'
import { keepLanguages } from '../../../transforms/filters/keep-languages.ts'
import { keepLicenses } from '../../../transforms/filters/keep-licenses.ts'
import { keepPatchSize } from '../../../transforms/filters/keep-patch-size.ts'
import { keepResolved } from '../../../transforms/filters/keep-resolved.ts'
import { keepWithAgent } from '../../../transforms/filters/keep-with-agent.ts'
import { keepWithPatch } from '../../../transforms/filters/keep-with-patch.ts'
import { keepWithinTokens } from '../../../transforms/filters/keep-within-tokens.ts'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import { agent, row, system, user } from '../parse/rows.ts'

const context: StepContext = {
  step: 'filter',
  measure: 'all',
  metrics: new MetricSet(),
  memory: new Memory(),
  shared: undefined,
  wants: () => true,
}

interface Factory<Options> {
  readonly definition: { open(options: Options, context: StepContext): unknown }
}

/** What a filter answers for a row: null, or reason, value and threshold. */
function judge<Options>(factory: Factory<Options>, options: Options, row: object): unknown {
  const refusal = (factory.definition.open(options, context) as JudgeFace<object>).judge(row)
  return refusal && [refusal.reason, refusal.value, refusal.threshold]
}

describe('success label', () => {
  test('passed keeps 1 alone, and tells failed from ungraded', () => {
    const verdicts = [1, 0, -1, null].map((resolved) =>
      judge(keepResolved, { resolved: 'passed' }, { resolved }),
    )
    assert.deepEqual(verdicts, [null, ['tests_failed', 0, 1], ['ungraded', -1, 1], ['ungraded', -1, 1]])
  })

  test('any keeps every label, -1 and null included', () => {
    const verdicts = [1, 0, -1, null].map((resolved) =>
      judge(keepResolved, { resolved: 'any' }, { resolved }),
    )
    assert.deepEqual(verdicts, [null, null, null, null])
  })
})

test('token limit: the limit itself is kept', () => {
  assert.equal(judge(keepWithinTokens, { maxTokens: 10 }, { tokens: 10 }), null)
  assert.deepEqual(judge(keepWithinTokens, { maxTokens: 10 }, { tokens: 11 }), ['too_many_tokens', 11, 10])
})

test('patch availability: a malformed patch is a patch', () => {
  assert.equal(judge(keepWithPatch, {}, { patch_bytes: 3, patch_malformed: true }), null)
  assert.deepEqual(judge(keepWithPatch, {}, { patch_bytes: null }), ['no_patch', null, null])
})

describe('languages', () => {
  const row = (language: string | null) => ({ language, trajectory: {} })

  test('are the same in any spelling', () => {
    for (const language of ['typescript', 'ts', 'TypeScript'])
      assert.equal(judge(keepLanguages, { languages: ['ts'] }, row(language)), null)
    assert.deepEqual(judge(keepLanguages, { languages: ['c++', 'go'] }, row('c')), [
      'language_not_listed',
      'c',
      'cpp go',
    ])
  })

  test('a row without a language is refused, but not before its patch was looked at', () => {
    assert.deepEqual(judge(keepLanguages, { languages: ['go'] }, row(null)), [
      'language_not_listed',
      null,
      'go',
    ])
    assert.equal(judge(keepLanguages, { languages: ['go'] }, { language: null }), null)
  })

  test('that linguist does not know are refused when the filter is made', () => {
    assert.throws(() => keepLanguages({ languages: ['klingon'] }), /is not a language that linguist knows/)
  })
})

describe('patch size', () => {
  const patch = { patch_bytes: 100, patch_files: 2, patch_added_lines: 4, patch_removed_lines: 3 }
  const none = { patch_bytes: null, patch_files: null, patch_added_lines: null, patch_removed_lines: null }
  const malformed = { ...none, patch_bytes: 100 }

  test('counts added and removed lines, files and bytes', () => {
    assert.equal(judge(keepPatchSize, { minLines: 7, maxLines: 7, maxFiles: 2, minBytes: 100 }, patch), null)
    assert.deepEqual(judge(keepPatchSize, { maxLines: 6 }, patch), ['patch_too_many_lines', 7, 6])
    assert.deepEqual(judge(keepPatchSize, { minFiles: 3 }, patch), ['patch_too_few_files', 2, 3])
    assert.deepEqual(judge(keepPatchSize, { maxBytes: 99 }, patch), ['patch_too_many_bytes', 100, 99])
  })

  test('takes no patch for one of size 0', () => {
    assert.equal(judge(keepPatchSize, { maxLines: 6 }, none), null)
    assert.deepEqual(judge(keepPatchSize, { minLines: 1 }, none), ['patch_too_few_lines', 0, 1])
  })

  test('refuses a malformed patch where a bound needs its numbers', () => {
    assert.deepEqual(judge(keepPatchSize, { maxFiles: 9 }, malformed), ['patch_malformed', null, null])
    assert.equal(judge(keepPatchSize, { maxBytes: 100 }, malformed), null)
  })

  test('needs a bound', () => {
    assert.throws(() => keepPatchSize({}), /needs at least one bound/)
  })
})

test('licences are compared without regard to case', () => {
  assert.equal(judge(keepLicenses, { licenses: ['mit'] }, { license: 'MIT' }), null)
  assert.deepEqual(judge(keepLicenses, { licenses: ['MIT', 'ISC'] }, { license: null }), [
    'license_not_listed',
    null,
    'MIT ISC',
  ])
})

describe('a word of the agent', () => {
  test('is needed: from any other trajectory nothing can be learnt', () => {
    const verdicts = [
      [user('u'), agent('')],
      [system('s'), user('u')],
    ].map((messages) =>
      judge(keepWithAgent, {}, { trajectory: parseTrajectory(row(messages), { path: '' }) }),
    )
    assert.deepEqual(verdicts, [null, ['no_agent', null, null]])
  })
})
