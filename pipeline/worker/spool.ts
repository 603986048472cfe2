import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { BundleParts } from './bundle-result.ts'

/** Bundles that wait on disk for the selection, in the order they came. */
export class Spool {
  readonly #path: string
  readonly #file: FileHandle
  readonly #extents: { readonly offset: number; readonly length: number }[] = []
  #size = 0

  private constructor(file: FileHandle, filePath: string) {
    this.#file = file
    this.#path = filePath
  }

  static async open(directory: string): Promise<Spool> {
    await mkdir(directory, { recursive: true })
    const filePath = path.join(directory, 'spool')
    return new Spool(await open(filePath, 'w+'), filePath)
  }

  async append(bundle: BundleParts): Promise<void> {
    const bytes = serialize(bundle)
    await this.#file.writeFile(bytes)
    this.#extents.push({ offset: this.#size, length: bytes.length })
    this.#size += bytes.length
  }

  async *drain(): AsyncGenerator<BundleParts> {
    for (const { offset, length } of this.#extents) {
      const bytes = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await this.#file.read(bytes, filled, length - filled, offset + filled)
        if (bytesRead === 0) throw new Error(`${this.#path} ended early`)
        filled += bytesRead
      }
      yield deserialize(bytes) as BundleParts
    }
  }

  async remove(): Promise<void> {
    await this.#file.close()
    await rm(this.#path, { force: true })
  }
}
