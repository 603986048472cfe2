import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AllowedHosts, reachOf } from '../../../sources/hub/allowed-hosts.ts'

test('the public Hub sends on to its own hosts and to nobody else', () => {
  const hosts = new AllowedHosts('https://huggingface.co')
  for (const allowed of [
    'https://huggingface.co/x',
    'https://cdn-lfs.hf.co/x',
    'https://cas-bridge.xethub.hf.co/x',
    'https://cdn-lfs-us-1.huggingface.co/x',
  ])
    assert.equal(hosts.refusal(new URL(allowed)), null, allowed)
  for (const refused of [
    'http://huggingface.co/x',
    'https://evil.example/x',
    'https://hf.co.evil.example/x',
    'https://nothf.co/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])
    assert.notEqual(hosts.refusal(new URL(refused)), null, refused)
})

test('hosts that were named are allowed, and a Hub on this machine may send to this machine', () => {
  const mirror = new AllowedHosts('https://hub.corp.example', ['store.corp.example'])
  assert.equal(mirror.refusal(new URL('https://a.store.corp.example/x')), null)
  assert.equal(mirror.mayBePrivate('a.store.corp.example'), true)
  assert.equal(mirror.mayBePrivate('hub.corp.example'), true)
  assert.equal(mirror.mayBePrivate('cdn.hf.co'), false)
  const local = new AllowedHosts('http://127.0.0.1:8080')
  assert.equal(local.refusal(new URL('http://localhost:9090/x')), null)
  assert.notEqual(local.refusal(new URL('http://192.168.0.1/x')), null)
})

test('addresses that are not public are known', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) assert.equal(reachOf(address), 'loopback', address)
  for (const address of [
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    'fd00::1',
    'fe80::1',
    '0.0.0.0',
  ])
    assert.equal(reachOf(address), 'private', address)
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1'])
    assert.equal(reachOf(address), 'public', address)
})
