import type { HttpClient } from './http-client.ts'
import { encodePath } from './hub-api.ts'
import { HubError } from './hub-error.ts'
import { hubFileUri } from './hub-uri.ts'
import { isPassing } from './passing-errors.ts'
import { askedWait, Passing, tried } from './retry-policy.ts'

/** A file of a commit, and where its bytes are now. Plain data. */
export interface ResolvedFile {
  readonly repository: string
  readonly commit: string
  readonly path: string
  /** in bytes */
  readonly size: number
  /** for a while: a signed address expires, and is then refused */
  readonly url: string
}

/**
 * Asks the Hub where a file is, without asking for its bytes. Throws HubError when the file is not there, or when what
 * the Hub says of it is not what it said before.
 */
export async function resolveFile(
  http: HttpClient,
  { repository, commit, path }: Pick<ResolvedFile, 'repository' | 'commit' | 'path'>,
  expected: { readonly size: number; readonly sha256: string | null },
  signal: AbortSignal,
): Promise<ResolvedFile> {
  const address = new URL(
    `${http.settings.endpoint}/datasets/${repository}/resolve/${commit}/${encodePath(path)}`,
  )
  const where = { file: path }
  const file = uriOf({ repository, commit, path })
  return tried(
    async () => {
      try {
        let url = address
        for (let hops = 0; hops < 5; hops++) {
          const { status, headers, body } = await http.request(url, {
            method: 'HEAD',
            follow: false,
            file,
            signal,
          })
          body.discard()
          if (status === 408 || status === 429 || status >= 500)
            return new Passing(
              new HubError(`${path}: the Hub answers ${status}`, { status, where }),
              askedWait(headers),
            )
          if (status >= 400)
            throw new HubError(`${path} can't be had: the Hub answers ${status}`, { status, where })
          const location =
            headers.location === undefined ? null : http.redirected(url, String(headers.location))
          const isAnswer = location !== null || headers['x-repo-commit'] !== undefined
          if (!isAnswer)
            return new Passing(
              new HubError(`${path}: something on the way answers in the place of the Hub`, { where }),
            )
          const size = Number(headers['x-linked-size'] ?? headers['content-length'])
          const etag = unquoted(headers['x-linked-etag'])
          if (headers['x-repo-commit'] !== undefined && headers['x-repo-commit'] !== commit)
            throw new HubError(
              `${path}: the Hub answers for commit ${headers['x-repo-commit']}, not ${commit}`,
              { where },
            )
          // A renamed repository sends on within the Hub; what is said of the file comes with the last step.
          if (location !== null && etag === null && location.origin === address.origin) {
            url = location
            continue
          }
          if (size !== expected.size)
            throw new HubError(`${path} has ${size} bytes, and ${expected.size} in the list of files`, {
              where,
            })
          if (etag !== null && expected.sha256 !== null && etag !== expected.sha256)
            throw new HubError(`${path} is another file than the list of files says`, { where })
          return { repository, commit, path, size, url: String(location ?? url) }
        }
        throw new HubError(`${path} leads from one address to the next without end`, { where })
      } catch (cause) {
        signal.throwIfAborted()
        if (!isPassing(cause)) throw cause
        return new Passing(
          new HubError(`${path}: the Hub did not answer: ${(cause as Error).message}`, { where, cause }),
        )
      }
    },
    { signal },
  )
}

/** How the file is named in everything that is written. */
export function uriOf({
  repository,
  commit,
  path,
}: Pick<ResolvedFile, 'repository' | 'commit' | 'path'>): string {
  return hubFileUri(repository, commit, path)
}

function unquoted(etag: string | string[] | undefined): string | null {
  return etag === undefined ? null : String(etag).replace(/^W\//, '').replaceAll('"', '')
}
