import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ContentHash, type PublishedHash } from './content-hash.ts'
import { HubError } from './hub-error.ts'

/** A file whose bytes are copied, and what they must be. */
export interface Spooled {
  /** its name in everything that is written */
  readonly uri: string
  readonly size: number
  readonly hash: PublishedHash
  /** where the copy will be, once it is whole and right */
  readonly copy: string
}

/** Another thread that makes the same copy is looked after so often, in milliseconds. */
const LOOK_AGAIN = 50

/** The place of a file's copy in a folder. */
export function copyIn(folder: string, uri: string): string {
  return path.join(folder, createHash('sha256').update(uri).digest('hex'))
}

/**
 * Passes the bytes of a file on, and copies them. The copy stands when all have passed and were those that were
 * published; when somebody stops before, none does. Throws HubError, once all have passed, when they are others.
 */
export async function* spooling(
  chunks: AsyncIterable<Buffer>,
  { uri, size, hash, copy }: Spooled,
): AsyncGenerator<Buffer> {
  const part = `${copy}.part`
  await mkdir(path.dirname(copy), { recursive: true })
  const handle = await open(part, 'wx')
  const content = new ContentHash(hash, size)
  let isWhole = false
  try {
    for await (const chunk of chunks) {
      content.update(chunk)
      await handle.writeFile(chunk)
      yield chunk
    }
    if (!content.matches())
      throw new HubError(`the bytes of ${uri} that came are not those that were published`, {
        where: { file: uri },
      })
    isWhole = true
  } finally {
    await handle.close()
    if (isWhole) await rename(part, copy)
    else await rm(part, { force: true })
  }
}

/** Makes a file's copy, unless it is there or another thread is about it: then it is waited for. */
export async function spoolOnce(
  chunks: () => AsyncIterable<Buffer>,
  file: Spooled,
  signal: AbortSignal,
): Promise<void> {
  while (!existsSync(file.copy)) {
    try {
      for await (const _ of spooling(chunks(), file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      await setTimeout(LOOK_AGAIN, undefined, { signal })
    }
  }
}
