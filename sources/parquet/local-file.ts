import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { SourceError } from '../../pipeline/errors.ts'
import type { ByteSource } from './byte-source.ts'

/**
 * A file on disk. It is read synchronously: a worker has nothing else to do meanwhile, and a page is read in
 * less time than it takes to hand it to another thread.
 */
export function openLocalFile(path: string): ByteSource {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (cause) {
    throw new SourceError(`${path} can't be opened: ${(cause as Error).message}`, {
      where: { file: path },
      cause,
    })
  }
  return {
    size: fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafeSlow(length)
      let filled = 0
      while (filled < length) {
        const got = readSync(descriptor, bytes, filled, length - filled, offset + filled)
        if (got === 0)
          throw new SourceError(`${path} became shorter while it was read: start the run again`, {
            where: { file: path },
          })
        filled += got
      }
      return bytes
    },
    close() {
      closeSync(descriptor)
    },
  }
}
