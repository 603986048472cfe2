/**
 * Notes whether any of some names occurs in a file of JSON lines, as chunks of it pass by. Names inside of
 * strings don't count: there the quotes around them are escaped.
 */
export class NameSearch {
  found = false
  readonly #quoted: readonly Buffer[]
  readonly #longest: number

  constructor(names: readonly string[]) {
    this.#quoted = names.map((name) => Buffer.from(JSON.stringify(name)))
    this.#longest = Math.max(...this.#quoted.map(({ length }) => length))
  }

  async *watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let tail = Buffer.alloc(0)
    for await (const chunk of chunks) {
      if (!this.found) {
        const seam = Buffer.concat([tail, chunk.subarray(0, this.#longest)])
        this.found = this.#quoted.some((name) => chunk.includes(name) || seam.includes(name))
        tail = Buffer.from(chunk.subarray(Math.max(0, chunk.length - this.#longest)))
      }
      yield chunk
    }
  }
}
