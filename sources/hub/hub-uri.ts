import { UsageError } from '../../pipeline/errors.ts'
import type { CardSelection } from './card-files.ts'

/** `hf://datasets/<owner>/<name>[@<revision>][/<path or glob>][?config=<name>&split=<name>]` */
export interface HubUri {
  /** `nvidia/Open-SWE-Traces` */
  readonly repository: string
  /** branch, tag, commit or `refs/convert/parquet`; null for the default branch */
  readonly revision: string | null
  /** a file, a folder or a glob in the repository; empty for all of it */
  readonly pattern: string
  /** parts of the dataset as its card names them; null for no such restriction */
  readonly selection: CardSelection | null
}

const SCHEME = 'hf://'
const DATASETS = 'hf://datasets/'
/** Owner and name as the Hub allows them. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/
/** At the end; any other question mark is a glob's. */
const QUERY = /\?(?:config|split)=[^&?]+(?:&(?:config|split)=[^&?]+)*$/
/** Revisions that have slashes of their own; others are written with %2F for each. */
const REFS = /^refs\/(?:convert|pr)\/[^/]+/

export function isHubUri(text: string): boolean {
  return text.startsWith(SCHEME)
}

/** Throws UsageError, saying how it is written, when the text is no URI of a dataset. */
export function parseHubUri(text: string): HubUri {
  const refuse = (why: string): never => {
    throw new UsageError(
      `${text} is no dataset on the Hub: ${why}. Write hf://datasets/OWNER/NAME, with @REVISION, /PATH and ?config=NAME&split=NAME where wanted`,
      { where: { file: text } },
    )
  }
  if (!text.startsWith(DATASETS)) return refuse(`it does not begin with ${DATASETS}`)
  const [query = ''] = QUERY.exec(text) ?? []
  const selection = query === '' ? null : selectionOf(new URLSearchParams(query))
  const [owner = '', ...rest] = text.slice(DATASETS.length, text.length - query.length).split('/')
  const [name, ...pinned] = (rest.shift() ?? '').split('@')
  for (const part of [owner, name!])
    if (!NAME.test(part) || part.includes('..'))
      return refuse(`'${part}' can't be the name of an owner or a dataset`)
  const after = [pinned.join('@'), ...rest].join('/')
  const { revision, path } =
    pinned.length === 0 ? { revision: null, path: rest.join('/') } : splitRevision(after)
  if (revision === '') return refuse('nothing follows the @')
  if (path.split('/').some((part) => part === '..' || part === '.')) return refuse('its path goes up')
  return { repository: `${owner}/${name}`, revision, pattern: path.replace(/\/+$/, ''), selection }
}

function selectionOf(parameters: URLSearchParams): CardSelection {
  return { config: parameters.get('config'), split: parameters.get('split') }
}

/** How a file of a commit is named in everything that is written. */
export function hubFileUri(repository: string, commit: string, path: string): string {
  return `${DATASETS}${repository}@${commit}/${path}`
}

function splitRevision(text: string): { revision: string; path: string } {
  const [refs] = REFS.exec(text) ?? []
  if (refs !== undefined) return { revision: refs, path: text.slice(refs.length + 1) }
  const slash = text.indexOf('/')
  const revision = slash < 0 ? text : text.slice(0, slash)
  return { revision: decodeURIComponent(revision), path: slash < 0 ? '' : text.slice(slash + 1) }
}
