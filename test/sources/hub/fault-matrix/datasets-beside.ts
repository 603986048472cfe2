import type { FaultKind } from '../../../support/fake-hub/faults.ts'
import type { PythonFound } from '../../../support/python.ts'
import { PLAIN, type Rig } from './rig.ts'

const READ_ALL = `
import hashlib, json, datasets
digest = hashlib.sha256()
for row in datasets.load_dataset("${PLAIN}", split="train", streaming=True):
    digest.update(json.dumps(row, sort_keys=True, default=str).encode())
print(digest.hexdigest())
`

const KINDS: Readonly<Record<string, FaultKind>> = {
  reset: { kind: 'reset', after: 20_000 },
  'cut off': { kind: 'truncate', after: 20_000 },
  short: { kind: 'short', by: 100 },
  portal: { kind: 'portal' },
  'whole file for a range': { kind: 'ignore-range' },
  503: { kind: 'status', status: 503 },
  429: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  'expired address': { kind: 'status', status: 403 },
  'bit flip': { kind: 'flip', at: 0.3 },
}
/** Of each fault: it hits another request each time. */
const TRIALS = 4

/** What becomes of Python's `datasets` under the same faults, as lines of a table. */
export async function* datasetsBeside(rig: Rig, python: PythonFound): AsyncGenerator<string> {
  const undisturbed = await readAll(python)
  if (undisturbed === null) throw new Error('datasets does not read the Hub even where it is not disturbed')
  for (const [name, kind] of Object.entries(KINDS)) {
    const became = { equal: 0, refused: 0, wrong: 0 }
    for (let skip = 0; skip < TRIALS; skip++) {
      rig.hub.faults.add({ ...kind, on: 'cdn', times: 1, skip })
      const hash = await readAll(python)
      rig.hub.faults.clear()
      became[hash === null ? 'refused' : hash === undisturbed ? 'equal' : 'wrong']++
    }
    yield `| ${name} | ${TRIALS} | ${became.equal} | ${became.refused} | ${became.wrong} |`
  }
}

/** A hash of the rows; null when it ended with an error. */
async function readAll({ runAsync }: PythonFound): Promise<string | null> {
  try {
    const { HF_ENDPOINT = '', HF_HOME = '', HF_TOKEN = '' } = process.env
    const settings = { HF_ENDPOINT, HF_HOME, HF_TOKEN, HF_HUB_DISABLE_XET: '1', HF_HUB_DOWNLOAD_TIMEOUT: '2' }
    const said = await runAsync(READ_ALL, settings)
    return said.trim()
  } catch {
    return null
  }
}
