import type { ByteSource } from '../parquet/byte-source.ts'
import type { HttpAnswer, HttpClient } from './http-client.ts'
import { HubError } from './hub-error.ts'
import { isPassing } from './passing-errors.ts'
import { type ResolvedFile, resolveFile, uriOf } from './resolved-file.ts'
import { askedWait, Passing, tried } from './retry-policy.ts'

/** The address has expired, or was never good: a new one may be. */
const ADDRESS_REFUSED = new Set([401, 403, 404, 410])

interface HubFileOptions {
  readonly http: HttpClient
  readonly file: ResolvedFile
  /** SHA-256 of the file, as the list of files has it; null where it has none */
  readonly sha256: string | null
  readonly signal: AbortSignal
}

/**
 * Ranges of a file on the Hub. What breaks off goes on where it stopped; an address that has expired is asked for
 * anew; what comes must be the range that was asked for, of a file of the right size, and of one version.
 */
export class HubFile implements ByteSource {
  readonly #options: HubFileOptions
  #file: ResolvedFile
  /** what the store of the bytes calls this version of them; null until it has answered */
  #etag: string | null = null

  constructor(options: HubFileOptions) {
    this.#options = options
    this.#file = options.file
  }

  get size(): number {
    return this.#file.size
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length)
    let filled = 0
    // What was got counts: tries are used up only by those that give nothing.
    while (filled < length)
      filled += await tried(() => this.#readSome(offset + filled, bytes.subarray(filled)), {
        signal: this.#options.signal,
      })
    return bytes
  }

  close(): void {}

  /** Reads into the beginning of `bytes`; answers how far it got, or why it got nowhere. */
  async #readSome(offset: number, bytes: Buffer): Promise<number | Passing> {
    const { http, signal } = this.#options
    let filled = 0
    try {
      const answer = await http.request(this.#file.url, {
        headers: { range: `bytes=${offset}-${offset + bytes.length - 1}` },
        file: uriOf(this.#file),
        signal,
      })
      const refusal = await this.#check(answer, offset, bytes.length)
      if (refusal) {
        answer.body.discard()
        return refusal
      }
      for await (const piece of answer.body) {
        if (piece.length > bytes.length - filled) throw this.#error('more bytes came than were asked for')
        piece.copy(bytes, filled)
        filled += piece.length
      }
      if (filled > 0) return filled
      return new Passing(this.#error('the answer is empty'))
    } catch (cause) {
      signal.throwIfAborted()
      if (!isPassing(cause)) throw cause
      if (filled > 0) return filled
      return new Passing(this.#error(`its bytes did not come: ${(cause as Error).message}`, cause))
    }
  }

  /** Why the answer is not the range that was asked for; null when it is. */
  async #check({ status, headers }: HttpAnswer, offset: number, length: number): Promise<Passing | null> {
    const { http, sha256, signal } = this.#options
    if (ADDRESS_REFUSED.has(status)) {
      this.#file = await resolveFile(http, this.#file, { size: this.#file.size, sha256 }, signal)
      // Another store may name the same bytes otherwise.
      this.#etag = null
      return new Passing(this.#error(`its address is refused with ${status}`), 0)
    }
    if (status !== 206) {
      const why =
        status === 200 ? 'the whole file came where a part was asked for' : `the answer is ${status}`
      return new Passing(this.#error(why), askedWait(headers))
    }
    const coding = headers['content-encoding'] ?? 'identity'
    if (coding !== 'identity') return new Passing(this.#error(`its bytes came as ${coding}`))
    const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(headers['content-range'])) ?? []
    if (Number(from) !== offset || Number(to) !== offset + length - 1)
      return new Passing(
        this.#error(`bytes ${from} to ${to} came where ${offset} to ${offset + length - 1} were asked for`),
      )
    if (Number(size) !== this.size) throw this.#error(`it has ${size} bytes, and had ${this.size}`)
    const etag = headers.etag === undefined ? null : String(headers.etag)
    if (this.#etag !== null && etag !== this.#etag)
      return new Passing(this.#error(`another version of it came: ${etag}, not ${this.#etag}`))
    this.#etag = etag
    return null
  }

  #error(why: string, cause?: unknown): HubError {
    const { path, repository } = this.#file
    return new HubError(`${path} of ${repository} can't be read: ${why}`, { where: { file: path }, cause })
  }
}
