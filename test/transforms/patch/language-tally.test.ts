import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LanguageTally } from '../../../transforms/patch/language-tally.ts'

function ranked(files: Readonly<Record<string, number>>): Record<string, number> {
  const tally = new LanguageTally()
  for (const [path, lines] of Object.entries(files)) tally.add(path, lines)
  return Object.fromEntries(tally.ranked().map(([{ name }, lines]) => [name, lines]))
}

describe('changed lines by language', () => {
  it('are ranked, ties in name order', () => {
    assert.deepEqual(Object.entries(ranked({ 'b.rs': 2, 'a.py': 1, 'c.go': 1, 'd.rs': 1 })), [
      ['Rust', 3],
      ['Go', 1],
      ['Python', 1],
    ])
  })

  it("count headers as C, and as C++ beside C++'s own files, wherever they stand", () => {
    assert.deepEqual(ranked({ 'a.h': 2, 'a.c': 1 }), { C: 3 })
    assert.deepEqual(ranked({ 'a.h': 2, 'a.c': 1, 'b.cpp': 1 }), { 'C++': 3, C: 1 })
    assert.deepEqual(ranked({ 'a.H': 2 }), { C: 2 })
  })

  it('keep languages of files without changed lines, and none of unknown files', () => {
    assert.deepEqual(ranked({ 'a.php': 0, 'b.unheardof': 9 }), { PHP: 0 })
  })
})
