import { constants, gzipSync, zstdCompressSync } from 'node:zlib'

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const

/** How lines are compressed, a piece at a time: readers take the pieces one after the other as one file. */
interface Compression {
  readonly suffix: string
  /** The same bytes for the same bytes, whenever and wherever Node's zlib is the same. */
  compress(bytes: Uint8Array): Uint8Array
}

const GZIP_LEVEL = 6
/** Names the operating system in a gzip header (RFC 1952): 255 is unknown. */
const GZIP_SYSTEM = 9
const ZSTD_LEVEL = 3

export const COMPRESSION: Readonly<Record<(typeof COMPRESSIONS)[number], Compression>> = {
  none: { suffix: '', compress: (bytes) => bytes },
  gzip: {
    suffix: '.gz',
    compress(bytes) {
      // zlib writes no time into the header, but the system that it was built for
      const member = gzipSync(bytes, { level: GZIP_LEVEL })
      member[GZIP_SYSTEM] = 255
      return member
    },
  },
  zstd: {
    suffix: '.zst',
    compress: (bytes) =>
      zstdCompressSync(bytes, {
        params: {
          [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
          [constants.ZSTD_c_checksumFlag]: 1,
        },
        pledgedSrcSize: bytes.length,
      }),
  },
}
