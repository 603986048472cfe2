import type { ByteRange } from '../parquet/byte-source.ts'
import type { Fetch } from './range-windows.ts'

/** Neighbours are fetched in one piece as long as no more than this lies between them … */
const LARGEST_GAP = 64 << 10
/** … and the piece is no larger than this. */
const LARGEST_PIECE = 4 << 20
/** Of pieces that are on their way, or here and not read to their end; one may be larger. */
const MOST_AHEAD = 16 << 20

interface Piece extends ByteRange {
  /** null until it is asked for */
  bytes: Promise<Buffer> | null
}

/** Ranges of a remote file that will be read whole, each once, fetched many at a time. */
export class Prefetched {
  readonly #fetch: Fetch
  /** in the order of the file, until they are read to their end */
  #pieces: Piece[]

  constructor(ranges: readonly ByteRange[], fetch: Fetch) {
    this.#fetch = fetch
    this.#pieces = piecesOf(ranges)
    this.#start()
  }

  /** The bytes, if they lie in a range that is not read to its end yet. */
  read(offset: number, length: number): Promise<Buffer> | null {
    const end = offset + length
    const piece = this.#pieces.find((each) => each.start <= offset && end <= each.end)
    if (!piece) return null
    const bytes = this.#ask(piece)
    if (end === piece.end) {
      this.#pieces = this.#pieces.filter((each) => each !== piece)
      this.#start()
    }
    return bytes.then((all) => all.subarray(offset - piece.start, end - piece.start))
  }

  #start(): void {
    let ahead = 0
    for (const piece of this.#pieces) {
      ahead += piece.end - piece.start
      if (ahead > MOST_AHEAD && ahead > piece.end - piece.start) return
      this.#ask(piece)
    }
  }

  #ask(piece: Piece): Promise<Buffer> {
    if (piece.bytes === null) {
      piece.bytes = this.#fetch(piece.start, piece.end - piece.start)
      // Whoever reads it hears of a failure.
      piece.bytes.catch(() => {})
    }
    return piece.bytes
  }
}

function piecesOf(ranges: readonly ByteRange[]): Piece[] {
  const pieces: { start: number; end: number; bytes: null }[] = []
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = pieces.at(-1)
    if (last && start - last.end <= LARGEST_GAP && end - last.start <= LARGEST_PIECE)
      last.end = Math.max(last.end, end)
    else pieces.push({ start, end, bytes: null })
  }
  return pieces
}
