import type { TextColumn } from '../../../pipeline/batch/columns.ts'
import type { Memory } from '../../../pipeline/batch/memory.ts'

/** Texts end to end, as in a page: what follows a text is the next one. */
export function columnOf(memory: Memory, texts: readonly Uint8Array[]): TextColumn & { release(): void } {
  const block = memory.allocate(texts.reduce((sum, text) => sum + text.length, 0))
  const refs = new Uint32Array(2 * texts.length)
  let at = block.address
  texts.forEach((text, slot) => {
    memory.bytes.set(text, at)
    refs[2 * slot] = at
    refs[2 * slot + 1] = text.length
    at += text.length
  })
  return { refs, length: texts.length, release: () => memory.free(block) }
}
