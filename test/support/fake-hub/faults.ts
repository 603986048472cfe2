/** What a request is for that writes. */
export type UploadStep = 'create' | 'preupload' | 'batch' | 'store' | 'complete' | 'commit'

/** What goes wrong with an answer. */
export type FaultKind =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** a page of a network that wants a login, with status 200 */
  | { readonly kind: 'portal' }
  | { readonly kind: 'redirect'; readonly location: string }
  /** the connection is reset before the answer, or after so many bytes of its body; a commit is made before */
  | { readonly kind: 'reset'; readonly after?: number }
  /** the body ends early, as its length says it would not */
  | { readonly kind: 'truncate'; readonly after: number }
  /** fewer bytes than were asked for, and headers that say so */
  | { readonly kind: 'short'; readonly by: number }
  /** nothing comes after so many bytes */
  | { readonly kind: 'stall'; readonly after: number }
  /** so many bytes come, and then as many again after so many milliseconds */
  | { readonly kind: 'drip'; readonly bytes: number; readonly every: number }
  /** nothing comes at all */
  | { readonly kind: 'silence' }
  /** a bit of the body is flipped: in its middle, or at this part of it */
  | { readonly kind: 'flip'; readonly at?: number }
  /** the whole file comes where a range was asked for */
  | { readonly kind: 'ignore-range' }
  /** the file has another ETag than before */
  | { readonly kind: 'etag' }
  /** the answer has these headers as well */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  /** something happens before the answer, which is as ever */
  | { readonly kind: 'meanwhile'; readonly happens: () => void }

export type Fault = FaultKind & {
  readonly on: 'api' | 'resolve' | 'cdn' | UploadStep
  /** how many requests it hits, once `skip` have passed */
  readonly times: number
  readonly skip?: number
}

/** Faults that wait for their requests. */
export class Faults {
  #waiting: { readonly fault: Fault; skip: number; left: number }[] = []

  add(fault: Fault): void {
    this.#waiting.push({ fault, skip: fault.skip ?? 0, left: fault.times })
  }

  clear(): void {
    this.#waiting = []
  }

  /** What is to go wrong with the next request there; null when nothing is. */
  next(on: Fault['on']): Fault | null {
    for (const waiting of this.#waiting) {
      if (waiting.fault.on !== on || waiting.left === 0) continue
      if (waiting.skip > 0) {
        waiting.skip--
        continue
      }
      waiting.left--
      return waiting.fault
    }
    return null
  }
}
