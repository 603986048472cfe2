import { CLASS_OF_CODE_POINT, OTHER } from '../../../transforms/tokens/unicode-classes.ts'

/** A source of whole numbers in [0, below). */
export type Random = (below: number) => number

type Fragment = (random: Random) => string

const SURROGATES = { first: 0xd800, last: 0xdfff }
const LONGEST_FRAGMENT_LIST = 9

const WORDS =
  'the quick Brown FOX returns self.value getElementById HTTPServer iPhone naïve Ωmega straße ЖЖ Привет café İstanbul ﬁne'
const CONTRACTIONS = "'s 'S 'ſ 't 'T 'd 'D 'm 'M 'll 'LL 'lL 'l 've 'vE 'v 're 'RE 'r 'x ' '' 's's ’s 'ſs 'ı"
const WHITE_SPACE = [
  ' ',
  ' ',
  ' ',
  '\n',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\v',
  '\f',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
]
const WHITE_LOOKALIKES = [
  '\u2028',
  '\u2029',
  '\u202f',
  '\u3000',
  '\ufeff',
  '\u200b',
  '\u180e',
  '\u001c',
  '\0',
  '\u007f',
]
const PUNCTUATION =
  '! " # $ % & ( ) * + , - . / : ; < = > ? @ [ \\ ] ^ _ ` { | } ~ / // /// ... == -> => && /* */ <!--'
const NUMBERS = ['0', '7', '12', '345', '6789', '1234567890', '٣', '４', '½', 'Ⅷ', '²', '〇', '৪২', '𝟘', '🄀']
const MARKS = ['\u0301', '\u0300\u0323', '\u093f', '\u20dd', '\u0e31', '\ufe0f', '\u{1d165}', '\u064b']
const LETTERS_OF_EVERY_CASE = [
  'ǅ',
  'ǈ',
  'ᾈ',
  'ʰ',
  'ˈ',
  'ª',
  'º',
  'ー',
  '中',
  'あ',
  'ا',
  'ん',
  '한',
  'ß',
  'ẞ',
  '𝐀',
  '𝐚',
  '𐐀',
  '𐐨',
  '𠀋',
]
const PICTURES = [
  '😀',
  '👩‍💻',
  '🏽',
  '🇩🇪',
  '☃',
  '€',
  '→',
  '╔',
  '█',
  '\u{10ffff}',
  '\u{e0001}',
  '\ufffd',
  '\ue000',
  '\u0378',
]
const SPECIAL_TOKENS = ['<|endoftext|>', '<|fim_prefix|>', '<|endofprompt|>', '<|im_start|>']
const RUNS = [
  'a',
  'A',
  ' ',
  '\n',
  '\t',
  '=',
  '-',
  '#',
  '*',
  '0',
  '.',
  '/',
  '_',
  'é',
  '中',
  '😀',
  '\u0301',
  'aB',
  'ab',
  '\r\n',
  ' \n',
  'ǅ',
]
const SNIPPETS = [
  'def f(x):\n    return x+1\n',
  '    if (a[i] !== b) {\n\t\tcontinue;\n  }\n\n',
  '"key": [1, 2.50, null],\n',
  '@@ -1,4 +1,6 @@\n-old line\n+new line\n',
  'Traceback (most recent call last):\n  File "/a/b.py", line 42, in <module>\n',
  'https://example.org/a/b?c=d&e=%20f#g',
  '$ ls -la /tmp/x_y/*.tar.gz | grep "foo"\r\n',
  "I'm sure they'll say it's done; we've DON'T SHOUT'S.  Next sentence.",
  'Die Straße führt über den Fluß. Où est-ce? Что это такое?\n',
  '北京是中华人民共和国的首都。東京は日本の首都です。서울은 수도이다.',
  'नमस्ते दुनिया। สวัสดีชาวโลก مرحبا بالعالم',
  '4f3a9c0e1b2d 0xDEADBEEF 1e-10 12:34:56 v1.2.3-rc.4',
  'QWxhZGRpbjpvcGVuIHNlc2FtZQ== fooBarBazQUX snake_case_name SCREAMING_SNAKE',
]

const codePointsByClass = new Map<number, number[]>()
for (const [codePoint, characterClass] of CLASS_OF_CODE_POINT.entries()) {
  if (codePoint >= SURROGATES.first && codePoint <= SURROGATES.last) continue
  const members = codePointsByClass.get(characterClass) ?? []
  members.push(codePoint)
  codePointsByClass.set(characterClass, members)
}
const classes = [...codePointsByClass.keys()]

const oneOf =
  (choices: readonly string[]): Fragment =>
  (random) =>
    choices[random(choices.length)]!
const several =
  (fragment: Fragment, most: number): Fragment =>
  (random) =>
    Array.from({ length: 1 + random(most) }, () => fragment(random)).join('')

const ofAnyClass: Fragment = (random) => {
  const members = codePointsByClass.get(classes[random(classes.length)]!)!
  return String.fromCodePoint(members[random(members.length)]!)
}
const run: Fragment = (random) => RUNS[random(RUNS.length)]!.repeat(1 + random(random(8) === 0 ? 150 : 12))
const asciiLetters = several((random) => String.fromCharCode((random(2) === 0 ? 65 : 97) + random(26)), 10)
const asciiBytes = several((random) => String.fromCharCode(random(128)), 8)
const anyUnassigned: Fragment = (random) => {
  const members = codePointsByClass.get(OTHER)!
  return String.fromCodePoint(members[random(members.length)]!)
}

const FRAGMENTS: readonly Fragment[] = [
  oneOf(WORDS.split(' ')),
  oneOf(WORDS.split(' ').map((word) => ` ${word}`)),
  oneOf(CONTRACTIONS.split(' ')),
  several(oneOf(WHITE_SPACE), 6),
  oneOf(WHITE_LOOKALIKES),
  several(oneOf(PUNCTUATION.split(' ')), 3),
  oneOf(['/', '//\n', '\n/', '/\r\n', '/\n/ ']),
  several(oneOf(NUMBERS), 3),
  several(oneOf(MARKS), 3),
  several(oneOf(LETTERS_OF_EVERY_CASE), 4),
  several(oneOf(PICTURES), 2),
  oneOf(SPECIAL_TOKENS),
  oneOf(SNIPPETS),
  several(ofAnyClass, 4),
  anyUnassigned,
  run,
  asciiLetters,
  asciiBytes,
]

/** A seeded source of numbers (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** A text that tries the piece rules: fragments of every class, next to each other in any order; never a lone surrogate. */
export function fuzzText(random: Random): string {
  return several((source) => FRAGMENTS[source(FRAGMENTS.length)]!(source), LONGEST_FRAGMENT_LIST)(random)
}
