import { createHash } from 'node:crypto'

/** Choices that look free and yet are the same in every recording: all follow from the recording's name. */
export class Chance {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  /** One of the options, by the name and the occasion. */
  pick<T>(occasion: string, options: readonly T[]): T {
    return options[this.#digest(occasion).readUInt32BE() % options.length]!
  }

  hex(occasion: string, digits: number): string {
    return this.#digest(occasion).toString('hex').slice(0, digits)
  }

  /** A UUID of version 8 (RFC 9562: bits of the maker's own choosing). */
  uuid(): string {
    const hex = this.hex('uuid', 32)
    const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  #digest(occasion: string): Buffer {
    return createHash('sha256').update(`${this.#name}\n${occasion}`).digest()
  }
}
