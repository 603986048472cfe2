import { wordSet } from './word-set.ts'

/** Words of the shell's grammar that can stand before a command. */
const GRAMMAR = wordSet('if then elif else while until do { ! done fi esac }')
/** Words that make what follows a list, not a command. */
const HEADERS = wordSet('for case select function')

/** A program that runs another: how many words of its own follow its options, and which options take a value. */
interface Wrapper {
  readonly operands?: number
  readonly valued?: string
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['sudo', { valued: '-u -g -h -p -C' }],
  ['timeout', { operands: 1, valued: '-s -k --signal --kill-after' }],
  ['gtimeout', { operands: 1, valued: '-s -k --signal --kill-after' }],
  ['time', { valued: '-f -o' }],
  ['nice', { valued: '-n' }],
  ['ionice', { valued: '-c -n' }],
  ['nohup', {}],
  ['setsid', {}],
  ['stdbuf', { valued: '-i -o -e' }],
  ['env', { valued: '-u -C -S' }],
  ['command', {}],
  ['builtin', {}],
  ['exec', { valued: '-a' }],
  ['unbuffer', {}],
  ['xvfb-run', { valued: '-n -s -e' }],
  ['strace', { valued: '-e -o -p -s' }],
  ['valgrind', {}],
  ['xargs', { valued: '-n -I -P -L -d -s -E -a --max-args --max-procs --replace --delimiter' }],
  ['npx', { valued: '-p --package' }],
  ['bunx', {}],
])

/** Package managers whose second word starts another program in their environment. */
const RUNNERS: ReadonlyMap<string, { readonly words: readonly string[]; readonly valued?: string }> = new Map(
  [
    ['poetry', { words: ['run'] }],
    ['pipenv', { words: ['run'] }],
    ['pdm', { words: ['run'] }],
    ['uv', { words: ['run'], valued: '--with --python -p --extra --group --project --directory' }],
    ['uvx', { words: [] }],
    ['rye', { words: ['run'] }],
    ['hatch', { words: ['run'] }],
    ['pixi', { words: ['run'] }],
    ['conda', { words: ['run'], valued: '-n -p --name --prefix' }],
    ['mamba', { words: ['run'], valued: '-n -p --name --prefix' }],
    ['micromamba', { words: ['run'], valued: '-n -p --name --prefix' }],
    ['bundle', { words: ['exec'] }],
    ['npm', { words: ['exec'] }],
    ['pnpm', { words: ['exec', 'dlx'] }],
    ['yarn', { words: ['exec', 'dlx'] }],
  ],
)

/**
 * The words of the program that a command really runs: without the shell's grammar, assignments (`CI=1`) and
 * programs that only run another (`sudo -u x timeout 60 env A=1 poetry run …`). Empty where there is none.
 */
export function unwrapProgram(words: readonly string[]): readonly string[] {
  let at = 0
  while (at < words.length) {
    const word = words[at]!
    if (HEADERS.has(word)) return []
    if (GRAMMAR.has(word) || isAssignment(word)) {
      at++
      continue
    }
    const name = programName(word)
    const wrapper = WRAPPERS.get(name)
    const runner = RUNNERS.get(name)
    if (wrapper) {
      at = skipOptions(words, at + 1, wrapper.valued) + (wrapper.operands ?? 0)
    } else if (runner && (runner.words.length === 0 || runner.words.includes(words[at + 1] ?? ''))) {
      at = skipOptions(words, at + 1 + Math.min(1, runner.words.length), runner.valued)
      // A runner starts programs and the project's own scripts: its `test` is never the shell's.
      if (words[at] === 'test') return ['./test', ...words.slice(at + 1)]
    } else {
      break
    }
  }
  return at === 0 ? words : words.slice(at)
}

/** The last part of a program's path. */
function programName(word: string): string {
  const slash = word.lastIndexOf('/')
  return slash < 0 ? word : word.slice(slash + 1)
}

/** The place of the first word that is neither an option nor the value of one. */
export function skipOptions(words: readonly string[], from: number, valued = ''): number {
  const takesValue = valued === '' ? [] : valued.split(' ')
  let at = from
  while (at < words.length) {
    const word = words[at]!
    if (word === '--') return at + 1
    if (!word.startsWith('-') || word === '-') break
    at += takesValue.includes(word) ? 2 : 1
  }
  return Math.min(at, words.length)
}

function isAssignment(word: string): boolean {
  const equals = word.indexOf('=')
  return equals > 0 && equals < 200 && /^[A-Za-z_]\w*\+?$/.test(word.slice(0, equals))
}
