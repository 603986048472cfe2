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

/** The bytes of a file that came are not those that were published: they may be the next time. */
export class DamagedCopyError extends HubError {
  constructor(uri: string) {
    super(
      `the bytes of ${uri} that came are not those that were published: something on the way or on the Hub changed them. Run it again`,
      { where: { file: uri } },
    )
  }
}

/** Does what copies a file, once more where the copy comes out damaged. */
export async function orOnceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DamagedCopyError)) throw error
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
 * published; when somebody stops before, none does. Throws DamagedCopyError, once all have passed, when they are
 * others.
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
    if (!content.matches()) throw new DamagedCopyError(uri)
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
  const copy = async (): Promise<void> => {
    for await (const _ of spooling(chunks(), file));
  }
  while (!existsSync(file.copy)) {
    try {
      await orOnceMore(copy)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      await setTimeout(LOOK_AGAIN, undefined, { signal })
    }
  }
}
