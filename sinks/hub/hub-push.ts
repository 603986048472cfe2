import { UsageError } from '../../pipeline/errors.ts'
import { MANIFEST } from '../../pipeline/ledger/manifest.ts'
import { PACKAGE } from '../../pipeline/package.ts'
import { CARD } from '../../sources/hub/card-files.ts'
import { HttpClient } from '../../sources/hub/http-client.ts'
import { hubSettings } from '../../sources/hub/hub-settings.ts'
import { Passing, RETRIES, tried } from '../../sources/hub/retry-policy.ts'
import { type Changes, changesOn, isNothing } from './changes.ts'
import { datasetCard } from './dataset-card.ts'
import { hashesOf } from './file-hashes.ts'
import type { FinishedOutput, PushFile } from './finished-output.ts'
import { type BranchState, HubRepository, type NewCommit } from './hub-repository.ts'
import { refuseTooManyInline } from './inline-files.ts'
import { PushError } from './push-error.ts'
import type { PushTarget } from './push-target.ts'

/** What a push would do. */
export interface PushPlan {
  readonly target: PushTarget
  /** null where there is no repository yet */
  readonly visibility: 'public' | 'private' | null
  readonly hasBranch: boolean
  readonly changes: Changes
  /** the card that is pushed; null where the output or the repository has its own */
  readonly card: string | null
}

/** What a push came to. */
export interface Pushed {
  readonly repository: string
  readonly branch: string
  /** the commit that holds the output */
  readonly commit: string
  /** the page of the commit's files */
  readonly url: string
  /** false where all of it was there already */
  readonly isNew: boolean
  readonly changes: Changes
}

export interface PushOptions {
  /** called with the path of each large file once the Hub has it */
  readonly onUploaded?: ((path: string) => void) | undefined
}

interface CommitTry extends PushOptions {
  readonly card: PushFile | null
  /** the branch as it was compared with the output */
  readonly start: BranchState
  readonly changes: Changes
}

/** Tries of a commit that was not made, and of uploads to addresses that have expired. */
const ATTEMPTS = 5

/** Pushes outputs of runs to a dataset on the Hub, each as one commit. Throws UsageError and PushError. */
export class HubPush {
  readonly #target: PushTarget
  readonly #http: HttpClient
  readonly #signal: AbortSignal
  readonly #repository: HubRepository

  /** Throws UsageError where the Hub can't be written to at all. */
  constructor(target: PushTarget, signal: AbortSignal, http = new HttpClient(hubSettings())) {
    const { offline, token } = http.settings
    this.#target = target
    this.#http = http
    this.#signal = signal
    this.#repository = new HubRepository(http, target.repository, signal)
    if (offline) throw new UsageError('HF_HUB_OFFLINE keeps us from the Hub, and a push needs it')
    if (token === null)
      throw new UsageError('a push needs a token that may write: set HF_TOKEN, or log in with hf auth login')
  }

  /** Whether the target can be pushed to, as far as it can be known before. Changes nothing. */
  async check(): Promise<Pick<PushPlan, 'visibility'> & { readonly branch: BranchState | null }> {
    const { repository, branch, create, isPrivate } = this.#target
    const visibility = await this.#repository.visibility()
    if (visibility === null) {
      if (create) return { visibility, branch: null }
      throw new UsageError(
        `the Hub has no dataset ${repository}, or hides it from this token: --create makes it, with --private for nobody else to see`,
      )
    }
    if (visibility === 'public' && isPrivate)
      throw new UsageError(`${repository} is public, and --private asks for one that is not`)
    const state = await this.#repository.branch(branch)
    if (state === null && !create)
      throw new UsageError(`${repository} has no branch ${branch}: --create makes it`)
    return { visibility, branch: state }
  }

  async plan(output: FinishedOutput): Promise<PushPlan> {
    const { visibility, branch } = await this.check()
    const card = await cardOf(output)
    const changes = await this.#changesOn(branch ?? { commit: '', files: new Map() }, output, card)
    const cardText = card && !changes.keepsCard ? await card.content.text() : null
    return { target: this.#target, visibility, hasBranch: branch !== null, changes, card: cardText }
  }

  /**
   * Makes the branch hold the output, by one commit or none. Where it rejects, the branch is as it was, but for a
   * repository or a branch that was made for it.
   */
  async push(output: FinishedOutput, { onUploaded }: PushOptions = {}): Promise<Pushed> {
    const card = await cardOf(output)
    const start = await this.#open()
    const changes = await this.#changesOn(start, output, card)
    if (isNothing(changes)) return this.#pushed(start.commit, changes, false)
    const made = await tried(() => this.#tryCommit(output, { card, start, changes, onUploaded }), {
      policy: { ...RETRIES, attempts: ATTEMPTS },
      signal: this.#signal,
    })
    return this.#pushed(made, changes, true)
  }

  close(): Promise<void> {
    return this.#http.close()
  }

  /** The commit that holds the output. `Passing` when the branch is as it was and another try may help. */
  async #tryCommit(
    output: FinishedOutput,
    { card, start, changes, onUploaded }: CommitTry,
  ): Promise<string | Passing> {
    const { repository, branch } = this.#target
    try {
      const commit = this.#commitOf(output, changes, start)
      return await this.#repository.commit(branch, { ...commit, ...(onUploaded && { onUploaded }) })
    } catch (error) {
      if (!(error instanceof PushError) || !mayBeDone(error)) throw error
      const now = await this.#look(error)
      if (now.commit === start.commit) return new Passing(error)
      // An answer was lost, or somebody else was faster.
      if (isNothing(await this.#changesOn(now, output, card))) return now.commit
      throw new PushError(
        `${branch} of ${repository} has moved to ${now.commit} since the push began: nothing of it was pushed, push again`,
        { cause: error },
      )
    }
  }

  /** The branch, made where it may be. */
  async #open(): Promise<BranchState> {
    const { repository, branch: name, isPrivate } = this.#target
    const { visibility, branch } = await this.check()
    if (branch) return branch
    if (visibility === null) {
      await this.#repository.create(isPrivate)
      const made = await this.check()
      if (made.branch) return made.branch
    }
    await this.#repository.createBranch(name)
    const made = await this.#repository.branch(name)
    if (!made) throw new PushError(`the Hub made no branch ${name} in ${repository}`)
    return made
  }

  /** The branch after an error; where it can't be had, what is known is said. */
  async #look(error: PushError): Promise<BranchState> {
    const { repository, branch } = this.#target
    try {
      const state = await this.#repository.branch(branch)
      if (state) return state
    } catch (cause) {
      if (!(cause instanceof PushError)) throw cause
    }
    throw new PushError(
      `it is not known whether ${repository} was changed, wholly or not at all: push again, which changes nothing where it was (${error.message})`,
      { cause: error },
    )
  }

  async #changesOn(branch: BranchState, output: FinishedOutput, card: PushFile | null): Promise<Changes> {
    const { repository } = this.#target
    const read = (path: string) => this.#repository.text(branch.commit, path)
    const changes = await changesOn({ repository, branch, output, card, read })
    refuseTooManyInline(changes.added)
    return changes
  }

  #commitOf({ manifest, files }: FinishedOutput, { added, deleted }: Changes, start: BranchState): NewCommit {
    const { kept } = manifest.rows
    const [title = '', ...rest] = (
      this.#target.message ??
      `Push ${kept} ${kept === 1 ? 'trajectory' : 'trajectories'} of ${PACKAGE.name} ${manifest.tool.version}`
    )
      .trim()
      .split('\n')
    const { sha256 } = files.find(({ path }) => path === MANIFEST)!
    return {
      parent: start.commit,
      title,
      description: [...rest, `${MANIFEST} ${sha256}`].join('\n').trim(),
      operations: [
        ...added.map(({ path, content }) => ({ operation: 'addOrUpdate' as const, path, content })),
        ...deleted.map((path) => ({ operation: 'delete' as const, path })),
      ],
    }
  }

  #pushed(commit: string, changes: Changes, isNew: boolean): Pushed {
    const { repository, branch } = this.#target
    const url = `${this.#http.settings.endpoint}/datasets/${repository}/tree/${commit}`
    return { repository, branch, commit, url, isNew, changes }
  }
}

/** Whether the commit may be there, or another try may make it. */
function mayBeDone({ outlook, status }: PushError): boolean {
  return outlook !== 'final' || [404, 409, 412].includes(status ?? 0)
}

/** Our card; null where the output has its own. */
async function cardOf({ manifest, hasCard }: FinishedOutput): Promise<PushFile | null> {
  if (hasCard) return null
  const content = new Blob([datasetCard(manifest)])
  return { path: CARD, size: content.size, content, ...(await hashesOf(content)) }
}
