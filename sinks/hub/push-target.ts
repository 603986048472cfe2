import { UsageError } from '../../pipeline/errors.ts'
import { parseHubUri } from '../../sources/hub/hub-uri.ts'

/** Where an output is pushed to, and what may be made there. */
export interface PushTarget {
  /** `owner/name` */
  readonly repository: string
  readonly branch: string
  /** make the repository, and the branch, where there is none */
  readonly create: boolean
  /** a repository that is made is private; one that is public is refused */
  readonly isPrivate: boolean
  /** of the commit; null for ours */
  readonly message: string | null
  /** push the rows that could not be read as well */
  readonly withFailed: boolean
}

/** A push as a recipe or flags ask for it. */
export interface PushWishes {
  readonly to: string
  readonly revision?: string | undefined
  readonly create?: boolean | undefined
  readonly private?: boolean | undefined
  readonly message?: string | undefined
  readonly withFailed?: boolean | undefined
}

/** What git forbids in the name of a branch, and what would not be one. */
const NO_BRANCH = /[^\w./-]|\.\.|\/\/|\/\.|^[./-]|[./]$|\.lock(\/|$)/

/** Throws UsageError for names that the Hub does not allow. */
export function pushTarget(wishes: PushWishes): PushTarget {
  const { to, revision = 'main', message } = wishes
  const branch = revision
  if (branch === '' || NO_BRANCH.test(branch))
    throw new UsageError(`can't push to the branch '${branch}': it is no name of a branch`)
  if (/^[0-9a-f]{40}$/.test(branch))
    throw new UsageError(`can't push to ${branch}: it is a commit, and a push needs a branch`)
  if (message !== undefined && message.trim() === '')
    throw new UsageError('the message of a commit needs some words')
  return {
    repository: repositoryOf(to),
    branch,
    create: wishes.create ?? false,
    isPrivate: wishes.private ?? false,
    message: message ?? null,
    withFailed: wishes.withFailed ?? false,
  }
}

function repositoryOf(text: string): string {
  const written = text.replace(/^(hf:\/\/)?datasets\//, '')
  try {
    const { repository, revision, pattern } = parseHubUri(`hf://datasets/${written}`)
    if (revision === null && pattern === '' && repository === written) return repository
  } catch {
    // said below, for pushing
  }
  throw new UsageError(`can't push to '${text}': write OWNER/NAME, and the branch with --revision`)
}
