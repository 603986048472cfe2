import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { threadId } from 'node:worker_threads'
import type { ByteSource } from '../parquet/byte-source.ts'

/**
 * The bytes of a remote file, of which the end, where a Parquet file has its footer, is fetched once for all threads:
 * whoever reads it first keeps it on the disk for the others.
 */
export class KeptEnd implements ByteSource {
  readonly #source: ByteSource
  readonly #path: string
  /** null until somebody asks for it */
  #end: Buffer | null = null

  constructor(source: ByteSource, path: string) {
    this.#source = source
    this.#path = path
  }

  get size(): number {
    return this.#source.size
  }

  async read(offset: number, length: number): Promise<Buffer> {
    if (offset + length !== this.size) return this.#source.read(offset, length)
    this.#end ??= readIfThere(this.#path)
    return length > this.#end.length
      ? this.again(offset, length)
      : this.#end.subarray(this.#end.length - length)
  }

  async again(offset: number, length: number): Promise<Buffer> {
    const bytes = await this.#source.read(offset, length)
    if (offset + length === this.size) this.#keep(bytes)
    return bytes
  }

  close(): Promise<void> | void {
    return this.#source.close()
  }

  #keep(bytes: Buffer): void {
    this.#end = bytes
    const part = `${this.#path}.${threadId}`
    mkdirSync(path.dirname(part), { recursive: true })
    writeFileSync(part, bytes)
    renameSync(part, this.#path)
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
