import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shellCommands } from '../../../transforms/tool-use/shell-words.ts'

const words = (text: string): (readonly string[])[] => shellCommands(text).map((command) => command.words)

test('words are split at blanks, and quotes and escapes keep them together', () => {
  assert.deepEqual(words(`a 'b c' "d \\"e\\" $f" g\\ h ''`), [['a', 'b c', 'd "e" $f', 'g h', '']])
  assert.deepEqual(words('a \\\n  b'), [['a', 'b']])
  assert.deepEqual(words("a$'x y'b"), [['ax yb']])
})

test('commands are separated, with what stands between them', () => {
  assert.deepEqual(
    shellCommands('a && b || c | d; e & f\ng').map(({ words: [name], joint }) => `${name}${joint}`),
    ['a&&', 'b||', 'c|', 'd;', 'e;', 'f;', 'g;'],
  )
  assert.deepEqual(words('(cd a && b) |& c'), [['cd', 'a'], ['b'], ['c']])
  assert.deepEqual(words('a &&\n b |\n c'), [['a'], ['b'], ['c']])
  assert.deepEqual(words('\n ; \n'), [])
})

test('separators within quotes and substitutions separate nothing', () => {
  assert.deepEqual(words(`echo "a; b && $(c | d "e")" 'f | g' \`h; i\``), [
    ['echo', 'a; b && $(c | d "e")', 'f | g', '`h; i`'],
  ])
  assert.deepEqual(words(`x=$(a '(' ")" ; b) y`), [[`x=$(a '(' ")" ; b)`, 'y']])
  assert.deepEqual(words('diff <(a; b) <(c)'), [['diff', '<(a; b)', '<(c)']])
})

test('the texts of substitutions are listed beside the words', () => {
  const substitutions = (text: string): (readonly string[])[] =>
    shellCommands(text).map((command) => command.substitutions)
  assert.deepEqual(substitutions('a $(b $(c)) "d $(e "f") `g`" `h` <(i); j'), [
    ['b $(c)', 'e "f"', 'g', 'h', 'i'],
    [],
  ])
  assert.deepEqual(substitutions(`a '$(b)' "\\$(c) \\\`d\\\`" \\\`e`), [[]])
  assert.deepEqual(substitutions(`a $((1 + 2)) "$((3))" \${b}`), [[]])
  assert.deepEqual(substitutions('a $(b'), [['b']])
  assert.deepEqual(substitutions('a `b'), [['b']])
})

test('comments are left out, but not a hash within a word', () => {
  assert.deepEqual(words("# don't\na b#c # it's\nd"), [['a', 'b#c'], ['d']])
})

test('redirections are no words; files written to are kept, duplicated and error outputs are not', () => {
  const [command] = shellCommands('a <in b >out 2>err 2>&1 1>>more &>both >&2 c >| forced')
  assert.deepEqual(command?.words, ['a', 'b', 'c'])
  assert.deepEqual(command?.writesTo, ['out', 'more', 'both', 'forced'])
})

test('here-documents are read to their delimiter, and what follows on the line and after it goes on', () => {
  const commands = shellCommands("cat <<'EOF' > f.py && python f.py\nit's $(a; \nEOF\nnext\n")
  assert.deepEqual(
    commands.map(({ words, writesTo, input }) => ({ words, writesTo, input })),
    [
      { words: ['cat'], writesTo: ['f.py'], input: "it's $(a; \n" },
      { words: ['python', 'f.py'], writesTo: [], input: null },
      { words: ['next'], writesTo: [], input: null },
    ],
  )
})

test('two here-documents on a line, tabs before a delimiter, and a here-string', () => {
  const commands = shellCommands('a <<A; b <<-B\n1\nA\n\t2\n\tB\nc <<< "x y"')
  assert.deepEqual(
    commands.map(({ words: [name], input }) => [name, input]),
    [
      ['a', '1\n'],
      ['b', '\t2\n'],
      ['c', 'x y'],
    ],
  )
})

test('what is left open ends with the text', () => {
  for (const text of ["a 'b", 'a "b', 'a $(b', 'a `b', 'a <<EOF\nb', 'a <<', 'a >', 'a \\', 'a && ', 'a ${b'])
    assert.equal(shellCommands(text)[0]?.words[0], 'a', text)
})

test('plain words come back as they are, whatever quotes they were given in', () => {
  const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 8 }),
      (given) => {
        assert.deepEqual(words(given.map(quote).join(' ')), [given])
      },
    ),
  )
})

test('any text is read to its end', () => {
  const unit = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '"',
    "'",
    '`',
    '$',
    '(',
    ')',
    '{',
    '}',
    '\\',
    ';',
    '&',
    '|',
    '<',
    '>',
    '#',
    '-',
    '1',
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 200 }), (text) => assert.ok(shellCommands(text).length <= 200)),
  )
})

test('commands of a million characters of one kind are read', () => {
  for (const piece of [
    'a',
    ' a',
    '"',
    "'",
    '$(',
    '"$(',
    '`',
    '(',
    '{',
    '\\',
    '<<a ',
    '<<a\n',
    ';',
    '&&a',
    '> a ',
    '${',
    '#',
    '\n',
  ])
    shellCommands(`x ${piece.repeat(Math.ceil(1_000_000 / piece.length))}`)
})
