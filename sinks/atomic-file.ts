import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '../pipeline/errors.ts'
import type { Receipt, SinkContext } from '../pipeline/graph/sink.ts'

/** Where unfinished files are, beside the output: on the same file system, so that a rename moves no bytes. */
const WORK_DIRECTORY = '.sluice'

/** Names that files being written will have: two sinks of a run must not want the same. */
const claimed = new Set<string>()

/**
 * A file that is there whole or not at all. It grows under a hidden name in `.sluice/`, is hashed as it grows,
 * and gets its own name only when its bytes are on the disk. Calls come one at a time.
 */
export class AtomicFile {
  /** relative to the output directory, with forward slashes */
  readonly path: string
  readonly #target: string
  readonly #temporary: string
  readonly #signal: AbortSignal
  readonly #hash = createHash('sha256')
  #handle: FileHandle | null
  #bytes = 0
  #rows = 0
  #published = false

  private constructor(context: SinkContext, filePath: string, temporary: string, handle: FileHandle) {
    this.path = filePath
    this.#target = path.join(context.directory, filePath)
    this.#temporary = temporary
    this.#signal = context.signal
    this.#handle = handle
  }

  /**
   * Starts the file at `filePath`, relative to the output directory with forward slashes. Throws UsageError when
   * another file that is being written will have this name.
   */
  static async open(context: SinkContext, filePath: string): Promise<AtomicFile> {
    const target = path.join(context.directory, filePath)
    if (claimed.has(target))
      throw new UsageError(
        `two sinks write ${filePath}, one of them '${context.sink}': give it another directory or prefix`,
      )
    claimed.add(target)
    try {
      const temporary = path.join(context.directory, WORK_DIRECTORY, `${encodeURIComponent(filePath)}.part`)
      await mkdir(path.dirname(temporary), { recursive: true })
      return new AtomicFile(context, filePath, temporary, await open(temporary, 'w'))
    } catch (error) {
      claimed.delete(target)
      throw error
    }
  }

  /** written so far */
  get bytes(): number {
    return this.#bytes
  }

  /** Appends bytes in which `rows` rows end. They are not referred to once the promise has settled. */
  async append(bytes: Uint8Array, rows: number): Promise<void> {
    this.#signal.throwIfAborted()
    this.#hash.update(bytes)
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle!.write(bytes, done)
      done += bytesWritten
    }
    this.#bytes += bytes.length
    this.#rows += rows
  }

  /** No more bytes will come: what was written is on the disk when this settles. */
  async finish(): Promise<void> {
    await this.#handle?.sync()
    await this.#close()
  }

  /** Gives a finished file its name, replacing what had it. */
  async publish(): Promise<Receipt> {
    const folder = path.dirname(this.#target)
    const made = await mkdir(folder, { recursive: true })
    await rename(this.#temporary, this.#target)
    this.#published = true
    claimed.delete(this.#target)
    await syncDirectory(folder)
    if (made) await syncDirectory(path.dirname(made))
    return { path: this.path, rows: this.#rows, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  /** Removes the file, under whichever name it has. */
  async remove(): Promise<void> {
    await this.#close()
    await rm(this.#published ? this.#target : this.#temporary, { force: true })
    if (!this.#published) claimed.delete(this.#target)
  }

  async #close(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }
}

/**
 * Finishes and publishes files in order: all of them, or, when something rejects, none. `complete` writes what is
 * still to be written.
 */
export async function publishAll(
  files: readonly AtomicFile[],
  complete: () => Promise<void> = async () => {},
): Promise<Receipt[]> {
  try {
    await complete()
    for (const file of files) await file.finish()
    const receipts: Receipt[] = []
    for (const file of files) receipts.push(await file.publish())
    return receipts
  } catch (error) {
    for (const file of files) await file.remove()
    throw error
  }
}

/** Makes a rename last through a power failure. Windows can't open a directory and needs no such call. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
