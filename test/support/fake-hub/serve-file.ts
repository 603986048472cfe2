import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import type { Link } from './link.ts'

const PIECE = 256 << 10

interface ServeOptions {
  readonly etag: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fault: Fault | null
  /** null for as fast as it goes */
  readonly link: Link | null
}

/** Answers with a file, or the range of it that is asked for, and with what is to go wrong. */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: { readonly onDisk: string; readonly size: number },
  { etag, headers = {}, fault, link }: ServeOptions,
): Promise<void> {
  const range = fault?.kind === 'ignore-range' ? null : rangeOf(request.headers.range, file.size)
  const start = range?.start ?? 0
  let end = range?.end ?? file.size
  if (fault?.kind === 'short') end = Math.max(start, end - fault.by)
  response.writeHead(range ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag: fault?.kind === 'etag' ? `"another-${etag}"` : `"${etag}"`,
    'content-length': end - start,
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${file.size}` }),
    ...headers,
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const stop =
    fault?.kind === 'reset' || fault?.kind === 'truncate' || fault?.kind === 'stall' ? fault.after : null
  const last = stop === null || stop === undefined ? end : Math.min(end, start + stop)
  const handle = await open(file.onDisk, 'r')
  try {
    for (let at = start; at < last && !response.destroyed; at += PIECE) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, last - at))
      await handle.read(piece, 0, piece.length, at)
      const flipped = fault?.kind === 'flip' ? start + Math.floor((end - start) * (fault.at ?? 0.5)) : null
      if (flipped !== null && flipped >= at && flipped < at + piece.length) piece[flipped - at]! ^= 0x40
      if (fault?.kind === 'drip') {
        await drip(response, piece, fault)
        continue
      }
      await link?.carry(piece.length)
      if (!response.write(piece)) await drained(response)
    }
  } finally {
    await handle.close()
  }
  if (fault?.kind === 'stall') return
  if (fault?.kind === 'reset') request.socket.resetAndDestroy()
  else if (fault?.kind === 'truncate') request.socket.destroySoon()
  else response.end()
}

async function drip(
  response: ServerResponse,
  piece: Buffer,
  { bytes, every }: { readonly bytes: number; readonly every: number },
): Promise<void> {
  for (let at = 0; at < piece.length && !response.destroyed; at += bytes) {
    response.write(piece.subarray(at, at + bytes))
    await setTimeout(every)
  }
}

/** `bytes=0-9`, `bytes=5-` or `bytes=-8` as a range; null for none. */
function rangeOf(text: string | undefined, size: number): { start: number; end: number } | null {
  const [matched, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? []
  if (matched === undefined) return null
  if (first === '') return { start: Math.max(0, size - Number(last)), end: size }
  return { start: Number(first), end: last === '' ? size : Math.min(size, Number(last) + 1) }
}

/** Until there is room for more, or nobody to send it to. */
function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = (): void => {
    response.off('drain', done).off('close', done)
    resolve()
  }
  response.on('drain', done).on('close', done)
  return promise
}
