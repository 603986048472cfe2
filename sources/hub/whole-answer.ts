import type { HttpAnswer } from './http-client.ts'

/** Answers that are longer are not read. */
const MAX_ANSWER = 64 << 20

/** An answer with its body in memory. */
export interface WholeAnswer extends Pick<HttpAnswer, 'status' | 'headers'> {
  readonly bytes: Buffer
}

/** Throws when the sender breaks off, or when the body is longer than can be held. */
export async function wholeAnswer({ status, headers, body }: HttpAnswer): Promise<WholeAnswer> {
  return { status, headers, bytes: await body.whole(MAX_ANSWER) }
}

/** The answer as a fetch gives it to @huggingface/hub, which looks at its address. */
export function responseOf({ status, headers, bytes }: WholeAnswer, address: string): Response {
  const sent = new Headers()
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.set(name, String(value))
  const isEmpty = status === 204 || status === 304
  const response = new Response(isEmpty ? null : new Uint8Array(bytes), { status, headers: sent })
  Object.defineProperty(response, 'url', { value: address })
  return response
}
