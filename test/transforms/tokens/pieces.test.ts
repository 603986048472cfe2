import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cl100kPieceEnd } from '../../../transforms/tokens/cl100k-pieces.ts'
import { gpt2PieceEnd } from '../../../transforms/tokens/gpt2-pieces.ts'
import { o200kPieceEnd } from '../../../transforms/tokens/o200k-pieces.ts'

type PieceEnd = (bytes: Uint8Array, start: number, end: number) => number

function cut(text: string, pieceEnd: PieceEnd): string[] {
  const bytes = Buffer.from(text)
  const pieces: string[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = pieceEnd(bytes, start, bytes.length)
    assert.ok(end > start && end <= bytes.length)
    pieces.push(bytes.toString('utf8', start, end))
    start = end
  }
  return pieces
}

function cuts(pieceEnd: PieceEnd, examples: readonly (readonly string[])[]): void {
  for (const pieces of examples) assert.deepEqual(cut(pieces.join(''), pieceEnd), pieces)
}

test('gpt2 pieces take one space in front, and contractions in small letters alone', () => {
  cuts(gpt2PieceEnd, [
    ['I', "'ll", ' say', ' it', "'", 'S', ' DON', "'", 'T'],
    ['  ', ' x', ' 1234567', ' ---', '\n', '\n', 'y'],
    ['a', '\t', 'b', '\u00a0', 'c'],
    ['e', '\u0301', 'é'],
    ['x', ' \n  '],
  ])
})

test('cl100k pieces take any one character in front of letters, and numbers of up to three digits', () => {
  cuts(cl100kPieceEnd, [
    ['I', "'LL", ' say', '\tit', "'s", 'o', "'ſ", '(x'],
    ['123', '456', '7', ' ', '89'],
    ['();\n\n', '  ', ' x'],
    [' {\r\n', '   ', ' x'],
    ['a', ' \n \n', ' ', ' b'],
    ['a', '\n  '],
    ['\u0301A', '!!\u0301', 'b'],
  ])
})

test('o200k pieces part words where small letters end, and keep contractions and slashes', () => {
  cuts(o200kPieceEnd, [
    ['get', 'Element', 'By', 'ID', ' HTTPServer', '\ti', 'Phone'],
    ["I'll", " SHOUT'S", "'tis"],
    ['//\n/\n', 'x', '/', '12'],
    ['a', ' \n \n', ' ', ' b', ' \n', '  '],
    ['A中', 'BC'],
  ])
})

test('an o200k word that starts with a mark and goes on in capitals parts after the mark', () => {
  cuts(o200kPieceEnd, [['\u0301', 'AB'], ['\u0301ABc'], ['\u0301\u0301', 'A'], ['.\u0301', 'A']])
})
