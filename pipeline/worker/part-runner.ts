import type { Batch } from '../batch/batch.ts'
import type { Cell } from '../batch/columns.ts'
import type { ByteWriter } from '../graph/byte-writer.ts'
import type { RowEncoder } from '../graph/sink.ts'
import type { View } from '../graph/view.ts'
import type { Encoded } from './bundle-result.ts'
import type { BundleOutput, NodeRunner } from './node-runner.ts'
import { cellOf, rowsInView } from './record-columns.ts'
import { stepError } from './step-runner.ts'

export interface PartOptions {
  readonly node: { readonly id: number; readonly name: string; readonly selected: boolean }
  readonly columns: readonly string[]
  readonly encoding: { readonly encoder: RowEncoder; readonly writer: ByteWriter } | null
  /** closes the encoded bytes; left out while the selection has still to judge the rows */
  readonly seal: ((bytes: Uint8Array) => Uint8Array) | null
}

/** Gathers what a bundle has for a sink: the declared columns of its rows, and the rows as the sink's bytes. */
export class PartRunner implements NodeRunner {
  readonly #options: PartOptions
  #view: View = 'kept'
  #sourceRows: (number | null)[] = []
  #columns: Record<string, Cell[]> = {}
  #ends: number[] = []

  constructor(options: PartOptions) {
    this.#options = options
  }

  startBundle(): void {
    this.#sourceRows = []
    this.#ends = []
    this.#columns = Object.fromEntries(this.#options.columns.map((name) => [name, []]))
    this.#options.encoding?.writer.clear()
  }

  accept(batch: Batch, view: View): void {
    this.#view = view
    for (const row of this.#rowsOf(batch, view)) {
      this.#sourceRows.push(batch.sourceRow(row))
      for (const name of this.#options.columns) this.#columns[name]!.push(cellOf(batch, row, name))
      this.#encode(batch, row)
    }
  }

  finishBundle({ parts }: BundleOutput): void {
    if (this.#sourceRows.length === 0) return
    const { node } = this.#options
    parts.push({
      node: node.id,
      view: this.#view,
      selected: node.selected,
      sourceRows: this.#sourceRows,
      columns: this.#columns,
      encoded: this.#encoded(),
    })
  }

  /** The selection can still drop a kept row, so whoever wants the dropped ones gets the kept ones too. */
  #rowsOf(batch: Batch, view: View): number[] {
    const open = this.#options.node.selected && view === 'dropped'
    return open
      ? [...rowsInView(batch, 'kept'), ...rowsInView(batch, 'dropped')].sort((a, b) => a - b)
      : rowsInView(batch, view)
  }

  #encode(batch: Batch, row: number): void {
    const { encoding, node } = this.#options
    if (!encoding) return
    try {
      encoding.encoder.encode(batch, row, encoding.writer)
    } catch (cause) {
      throw stepError(node.name, batch, row, cause)
    }
    this.#ends.push(encoding.writer.length)
  }

  #encoded(): Encoded | null {
    const { encoding, seal } = this.#options
    if (!encoding) return null
    const { writer } = encoding
    if (!seal) return { bytes: writer.take(), ends: Float64Array.from(this.#ends) }
    const { written } = writer
    const bytes = ownBytes(seal(written), written)
    writer.clear()
    return { bytes, ends: new Float64Array() }
  }
}

/** The bytes in a buffer that holds nothing else, so that it can be transferred; copied where `shared` is in it. */
function ownBytes(bytes: Uint8Array, shared: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes
  const isOwn =
    buffer instanceof ArrayBuffer && buffer !== shared.buffer && buffer.byteLength === bytes.length
  return isOwn ? new Uint8Array(buffer) : Uint8Array.from(bytes)
}
