import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { hubSettings } from '../../../sources/hub/hub-settings.ts'
import { temporaryFolder } from '../../support/runners.ts'

test('settings come from the variables that huggingface_hub reads', async (t) => {
  const home = await temporaryFolder(t)
  await writeFile(path.join(home, 'token'), 'hf_fromfile\n')
  const other = path.join(home, 'other')
  await writeFile(other, 'hf_other')
  assert.deepEqual(hubSettings({ HF_HOME: home }), {
    endpoint: 'https://huggingface.co',
    token: 'hf_fromfile',
    cache: path.join(home, 'hub'),
    patience: 30_000,
    offline: false,
  })
  assert.deepEqual(
    hubSettings({
      HF_HOME: home,
      HF_ENDPOINT: 'https://mirror.example/hub/',
      HF_TOKEN: ' hf_given\n',
      HF_HUB_CACHE: '/cache',
      HF_HUB_DOWNLOAD_TIMEOUT: '2.5',
      HF_HUB_OFFLINE: '1',
    }),
    {
      endpoint: 'https://mirror.example/hub',
      token: 'hf_given',
      cache: '/cache',
      patience: 2_500,
      offline: true,
    },
  )
  assert.equal(hubSettings({ HF_HOME: home, HF_TOKEN_PATH: other }).token, 'hf_other')
  assert.equal(hubSettings({ HF_HOME: path.join(home, 'none') }).token, null)
  assert.equal(hubSettings({ XDG_CACHE_HOME: '/x' }).cache, path.join('/x', 'huggingface', 'hub'))
  assert.equal(hubSettings({ TRANSFORMERS_OFFLINE: 'yes' }).offline, true)
})

test('an endpoint that is no address is refused', () => {
  for (const HF_ENDPOINT of ['huggingface.co', 'ftp://x', 'https://user:secret@x'])
    assert.throws(() => hubSettings({ HF_ENDPOINT }), { code: 'USAGE', message: /HF_ENDPOINT/ })
})
