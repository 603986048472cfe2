import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isEpoch, timestampLength } from '../../../transforms/patch/diff-timestamp.ts'

const withoutTimestamp = (line: string) => line.slice(0, line.length - timestampLength(line))

describe('the timestamp behind a file name', () => {
  it('is found in the forms of POSIX and GNU diff', () => {
    const forms = [
      '2010-07-05',
      '10-07-05',
      '2010-07-05 19:41:17',
      '2010-07-05 19:41:17.620000023 -0500',
      '2010-07-05 19:41:17 +08:00',
    ]
    for (const form of forms) {
      assert.equal(withoutTimestamp(`a/x y.c\t${form}`), 'a/x y.c')
      assert.equal(withoutTimestamp(`a/x y.c   ${form}`), 'a/x y.c')
    }
  })

  it('is not seen in names that only look dated', () => {
    for (const name of ['a/2010-07-05', 'a/x 2010-07-05.c', 'a/x 19:41:17', 'a/x', '']) {
      assert.equal(withoutTimestamp(name), name)
    }
  })

  it('marks a missing file when it is the epoch, in any zone', () => {
    assert.ok(isEpoch('x\t1970-01-01 00:00:00.000000000 +0000'))
    assert.ok(isEpoch('x\t1969-12-31 19:00:00 -0500'))
    assert.ok(isEpoch('x\t1970-01-01 05:30:00 +05:30'))
    assert.ok(!isEpoch('x\t1970-01-01 00:00:01 +0000'))
    assert.ok(!isEpoch('x\t1970-01-01 00:00:00.5 +0000'))
    assert.ok(!isEpoch('x\t1970-01-01 01:00:00 +0000'))
    assert.ok(!isEpoch('x 1970-01-01 00:00:00 +0000'))
  })
})
