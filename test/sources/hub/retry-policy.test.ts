import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedWait, Passing, tried } from '../../../sources/hub/retry-policy.ts'

const policy = { attempts: 3, firstWait: 1, longestWait: 2, longestAsked: 50 }
const { signal } = new AbortController()

test('the wait that a server asks for is read from either header', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  assert.equal(askedWait({ 'retry-after': '7' }, now), 7_000)
  assert.equal(askedWait({ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, now), 60_000)
  assert.equal(askedWait({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, now), 0)
  assert.equal(askedWait({ ratelimit: '"resolvers";r=0;t=55' }, now), 56_000)
  assert.equal(askedWait({ ratelimit: '"resolvers";r=12;t=55' }, now), null)
  assert.equal(askedWait({ 'retry-after': 'soon' }, now), null)
  assert.equal(askedWait({}, now), null)
})

test('what may pass is tried again, and the last error is thrown', async () => {
  let tries = 0
  const failing = async () => new Passing(new Error(`try ${++tries}`))
  await assert.rejects(tried(failing, { policy, signal }), { message: 'try 3' })
  tries = 0
  assert.equal(
    await tried(async () => (++tries < 3 ? new Passing(new Error()) : tries), { policy, signal }),
    3,
  )
})

test('a server that asks for longer than we wait is not waited for', async () => {
  let tries = 0
  const failing = async () => {
    tries++
    return new Passing(new Error('later'), 51)
  }
  await assert.rejects(tried(failing, { policy, signal }), { message: 'later' })
  assert.equal(tries, 1)
})

test('a wait ends when the run is cancelled', async () => {
  const cancel = new AbortController()
  const slow = { ...policy, firstWait: 60_000, longestWait: 60_000 }
  const waiting = tried(async () => new Passing(new Error()), { policy: slow, signal: cancel.signal })
  cancel.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
})
