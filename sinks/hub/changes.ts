import { UsageError } from '../../pipeline/errors.ts'
import { MANIFEST } from '../../pipeline/ledger/manifest.ts'
import { CARD } from '../../sources/hub/card-files.ts'
import type { HubEntry } from '../../sources/hub/hub-api.ts'
import { isOurCard } from './dataset-card.ts'
import {
  FAILED_FOLDER,
  type FinishedOutput,
  folderOf,
  PUSHED_FOLDERS,
  type PushFile,
  parseManifest,
} from './finished-output.ts'
import type { BranchState } from './hub-repository.ts'

/** What has to be done to a branch so that it holds an output. */
export interface Changes {
  /** files that it does not have, or has with other bytes */
  readonly added: readonly PushFile[]
  /** files that an earlier push left and this output does not have, by path */
  readonly deleted: readonly string[]
  /** its card was written by hand, and stays */
  readonly keepsCard: boolean
}

export interface ChangesOptions {
  readonly repository: string
  readonly branch: BranchState
  readonly output: FinishedOutput
  /** pushed where nobody wrote another */
  readonly card: PushFile | null
  /** reads a small file of the branch */
  read(path: string): Promise<string>
}

/**
 * Compares a branch with an output. Throws UsageError when it holds files where ours go that no push of ours left: they
 * would be taken for a part of the output.
 */
export async function changesOn(options: ChangesOptions): Promise<Changes> {
  const { repository, branch, output, card } = options
  const keepsCard = card !== null && (await hasCardByHand(options))
  const wanted = [...output.files, ...(card && !keepsCard ? [card] : [])]
  const paths = new Set(wanted.map((file) => file.path))
  const isOurs = new Set(await earlierOutputs(options))
  const deleted: string[] = []
  for (const path of branch.files.keys()) {
    const folder = folderOf(path)
    if (paths.has(path) || ![...PUSHED_FOLDERS, FAILED_FOLDER].includes(folder)) continue
    if (isOurs.has(path)) deleted.push(path)
    else if (folder !== FAILED_FOLDER)
      throw new UsageError(
        `${repository} holds ${path}, which no push left there: it would be taken for a part of the dataset. Choose another repository or branch`,
      )
  }
  return {
    added: wanted.filter((file) => !isSame(file, branch.files.get(file.path))),
    deleted: deleted.sort(),
    keepsCard,
  }
}

export function isNothing({ added, deleted }: Changes): boolean {
  return added.length === 0 && deleted.length === 0
}

function isSame(file: PushFile, there: HubEntry | undefined): boolean {
  if (there?.size !== file.size) return false
  return there.sha256 === null ? there.gitSha1 === file.gitSha1 : there.sha256 === file.sha256
}

async function hasCardByHand({ branch, card, read }: ChangesOptions): Promise<boolean> {
  const there = branch.files.get(CARD)
  return there !== undefined && !isSame(card!, there) && !isOurCard(await read(CARD))
}

/** What the branch's manifest lists: that came with it. */
async function earlierOutputs({ branch, output, read }: ChangesOptions): Promise<string[]> {
  const there = branch.files.get(MANIFEST)
  if (!there) return []
  const own = output.files.find((file) => file.path === MANIFEST)!
  const manifest = isSame(own, there) ? output.manifest : parseManifest(await read(MANIFEST))
  return manifest?.outputs.map(({ path }) => path) ?? []
}
