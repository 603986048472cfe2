import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { SourceError } from '../../pipeline/errors.ts'
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

/**
 * Does what copies a file, once more where it fails before the copy stands: what came may have been damaged on the way,
 * which whoever reads it may notice first.
 */
export async function orOnceMore<T>(copy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (existsSync(copy) || !(error instanceof SourceError)) throw error
    return work()
  }
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
  // Whoever reads a damaged one may begin anew before the end of the first is heard of.
  const part = `${copy}.${randomUUID()}`
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
      throw new HubError(
        `the bytes of ${uri} that came are not those that were published: something on the way or on the Hub changed them. Run it again`,
        { where: { file: uri } },
      )
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
  const lock = `${file.copy}.lock`
  await mkdir(path.dirname(lock), { recursive: true })
  while (!existsSync(file.copy)) {
    if (!(await madeOnce(lock))) {
      await setTimeout(LOOK_AGAIN, undefined, { signal })
      continue
    }
    try {
      const copy = async (): Promise<void> => {
        for await (const _ of spooling(chunks(), file));
      }
      // The one who had the lock before may just have made it.
      if (!existsSync(file.copy)) await orOnceMore(file.copy, copy)
    } finally {
      await rm(lock)
    }
  }
}

/** Whether the file was not there before. */
async function madeOnce(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
