import type { Field, Struct } from '../batch/schema.ts'
import { TextSlot } from '../batch/text-slot.ts'
import type { ByteWriter } from '../graph/byte-writer.ts'

type Node =
  | { readonly kind: 'string' | 'number' | 'boolean'; readonly firstLeaf: number; readonly endLeaf: number }
  | {
      readonly kind: 'struct'
      readonly members: readonly (readonly [name: string, node: Node])[]
      readonly firstLeaf: number
      readonly endLeaf: number
    }
  | {
      readonly kind: 'list'
      readonly element: Node
      /** lists from the record down to this one */
      readonly repetition: number
      readonly firstLeaf: number
      readonly endLeaf: number
    }

/**
 * Takes records apart into entries of their leaves, as Dremel does (Melnik et al. 2010): each entry has the level of
 * the list that it repeats, the level down to which its path is defined, and the value where all of it is.
 *
 * Members are strings or `TextSlot`s, whole numbers, booleans, arrays and objects of the schema's names; null and
 * undefined are null. An entry is three bytes (leaf, repetition level, definition level) and, where it has a value,
 * the value as Parquet's PLAIN encoding has it: a text after its size in four bytes, a number in eight, a boolean in
 * one. `readEntries` reads them.
 */
export class Shredder {
  readonly #root: Node

  constructor(schema: Struct) {
    let leaves = 0
    const build = (field: Field, repetition: number): Node => {
      const firstLeaf = leaves
      switch (field.kind) {
        case 'struct': {
          const members = Object.entries(field.fields).map(
            ([name, child]) => [name, build(child, repetition)] as const,
          )
          return { kind: 'struct', members, firstLeaf, endLeaf: leaves }
        }
        case 'list': {
          const element = build(field.element, repetition + 1)
          return { kind: 'list', element, repetition: repetition + 1, firstLeaf, endLeaf: leaves }
        }
        default:
          leaves++
          return { kind: field.kind, firstLeaf, endLeaf: leaves }
      }
    }
    this.#root = build(schema, 0)
  }

  write(record: Readonly<Record<string, unknown>>, writer: ByteWriter): void {
    // The record itself is there always: it takes no level.
    writeNode(this.#root, record, 0, -1, writer)
  }
}

/** `above` is the definition level of what holds the value. */
function writeNode(node: Node, value: unknown, repetition: number, above: number, writer: ByteWriter): void {
  if (value === null || value === undefined) {
    writeNulls(node, repetition, above, writer)
    return
  }
  const definition = above + 1
  switch (node.kind) {
    case 'struct':
      for (const [name, child] of node.members)
        writeNode(child, (value as Record<string, unknown>)[name], repetition, definition, writer)
      return
    case 'list': {
      const elements = value as readonly unknown[]
      if (elements.length === 0) writeNulls(node, repetition, definition, writer)
      for (let at = 0; at < elements.length; at++)
        writeNode(node.element, elements[at], at === 0 ? repetition : node.repetition, definition + 1, writer)
      return
    }
    default:
      writeEntry(node.firstLeaf, repetition, definition, writer)
      writeValue(value, writer)
  }
}

function writeNulls(
  { firstLeaf, endLeaf }: Node,
  repetition: number,
  definition: number,
  writer: ByteWriter,
): void {
  for (let leaf = firstLeaf; leaf < endLeaf; leaf++) writeEntry(leaf, repetition, definition, writer)
}

function writeEntry(leaf: number, repetition: number, definition: number, writer: ByteWriter): void {
  writer.uint8(leaf)
  writer.uint8(repetition)
  writer.uint8(definition)
}

function writeValue(value: unknown, writer: ByteWriter): void {
  if (typeof value === 'string' || value instanceof TextSlot) writer.sizedText(value)
  else if (typeof value === 'number') writer.int64(value)
  else writer.uint8(value === true ? 1 : 0)
}
