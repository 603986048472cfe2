/** The bytes end inside a value: more of them may help. */
export class TruncatedError extends Error {}

const STOP = 0
const TRUE = 1
const FALSE = 2
const BYTE = 3
const I16 = 4
const I32 = 5
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12

const MAX_DEPTH = 64

/**
 * Thrift's compact protocol, of which Parquet makes its headers and its footer
 * (thrift.apache.org, doc/specs/thrift-compact-protocol.md). Reads what it is asked for and skips the rest in
 * time linear in the bytes, whatever they declare. Throws TruncatedError at the end of the bytes and RangeError
 * for what can't be.
 */
export class CompactReader {
  at: number
  readonly #bytes: Uint8Array
  readonly #end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes
    this.at = at
    this.#end = end
  }

  expectStruct(type: number): void {
    if (type !== STRUCT) throw new RangeError(`a struct is expected, found type ${type}`)
  }

  /** Calls `field` for every field of the struct that starts here; it must read or skip the value. */
  struct(field: (id: number, type: number) => void): void {
    let id = 0
    for (;;) {
      const head = this.#byte()
      const type = head & 15
      if (type === STOP) return
      const delta = head >> 4
      id = delta > 0 ? id + delta : this.#zigzag()
      field(id, type)
    }
  }

  /** An integer of up to 32 bits. */
  integer(type: number): number {
    if (type !== I32 && type !== I16) throw new RangeError(`an integer is expected, found type ${type}`)
    return this.#zigzag()
  }

  /** An integer of up to 64 bits, where a number can hold it. */
  long(type: number): number {
    if (type !== I64) throw new RangeError(`a 64-bit integer is expected, found type ${type}`)
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte()
      value += (byte & 127) * 2 ** shift
      if (byte >= 128) continue
      if (value > Number.MAX_SAFE_INTEGER) break
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw new RangeError('a 64-bit integer is too large')
  }

  /** Calls `element` for every element of the list that starts here; it must read or skip a byte at least. */
  list(of: number, element: (type: number) => void): void {
    if (of !== LIST) throw new RangeError(`a list is expected, found type ${of}`)
    const head = this.#byte()
    const size = head >> 4 === 15 ? this.#varint() : head >> 4
    for (let i = 0; i < size; i++) element(head & 15)
  }

  boolean(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw new RangeError(`a boolean is expected, found type ${type}`)
    return type === TRUE
  }

  skip(type: number, depth = 0): void {
    if (depth > MAX_DEPTH) throw new RangeError(`values are nested deeper than ${MAX_DEPTH}`)
    switch (type) {
      case TRUE:
      case FALSE:
        break
      case BYTE:
        this.#advance(1)
        break
      case I16:
      case I32:
      case I64:
        this.#skipVarint()
        break
      case DOUBLE:
        this.#advance(8)
        break
      case BINARY:
        this.#advance(this.#varint())
        break
      case LIST:
      case SET: {
        const head = this.#byte()
        const size = head >> 4 === 15 ? this.#varint() : head >> 4
        for (let i = 0; i < size; i++) this.#skipElement(head & 15, depth)
        break
      }
      case MAP: {
        const size = this.#varint()
        const types = size > 0 ? this.#byte() : 0
        for (let i = 0; i < size; i++) {
          this.#skipElement(types >> 4, depth)
          this.#skipElement(types & 15, depth)
        }
        break
      }
      case STRUCT:
        this.struct((_, fieldType) => this.skip(fieldType, depth + 1))
        break
      default:
        throw new RangeError(`unknown type ${type}`)
    }
  }

  /** In containers a boolean takes a byte. */
  #skipElement(type: number, depth: number): void {
    this.skip(type === TRUE || type === FALSE ? BYTE : type, depth + 1)
  }

  #advance(count: number): void {
    if (count > this.#end - this.at) throw new TruncatedError()
    this.at += count
  }

  #byte(): number {
    if (this.at >= this.#end) throw new TruncatedError()
    return this.#bytes[this.at++]!
  }

  #varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new RangeError('a 32-bit integer takes more than 5 bytes')
  }

  #zigzag(): number {
    const value = this.#varint() >>> 0
    return (value >>> 1) ^ -(value & 1)
  }

  #skipVarint(): void {
    for (let count = 0; count < 10; count++) if (this.#byte() < 128) return
    throw new RangeError('a 64-bit integer takes more than 10 bytes')
  }
}
