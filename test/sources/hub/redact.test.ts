import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redact } from '../../../sources/hub/redact.ts'

test('tokens, signatures and passwords are taken out of messages, and the rest stays', () => {
  for (const [given, wanted] of [
    ['GET https://cdn.hf.co/a/b?Expires=1&Signature=abc failed', 'GET https://cdn.hf.co/a/b?… failed'],
    ['("https://x/y?k=v")', '("https://x/y?…")'],
    ['with hf_AbCdEfGh123', 'with hf_…'],
    ['authorization: Bearer xyz.abc', 'authorization: Bearer …'],
    ['https://user:secret@host/x', 'https://…@host/x'],
    ['hf://datasets/a/b@main: nothing secret?', 'hf://datasets/a/b@main: nothing secret?'],
  ] as const)
    assert.equal(redact(given), wanted)
})
