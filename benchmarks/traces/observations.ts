import type { Corpus, SourceText } from './corpus.ts'
import type { Edit } from './diff.ts'
import type { Draw } from './draw.ts'

const GREP_LINES = 40
const SEARCHED_FILES = 12

/** What tools of a terminal print about the files of a corpus. */
export class Observations {
  readonly #corpus: Corpus
  readonly #draw: Draw
  readonly #place: string

  constructor(corpus: Corpus, draw: Draw, place: string) {
    this.#corpus = corpus
    this.#draw = draw
    this.#place = place
  }

  /** A command that looks around, with its output. */
  look(): { readonly command: string; readonly text: string } {
    const draw = this.#draw
    const file = draw.pick(this.#corpus.files)
    const kind = draw.below(10)
    if (kind < 5) return this.#view(file)
    if (kind < 8) return this.#grep(file)
    return kind < 9 ? this.#list() : this.#log()
  }

  edited({ path, line, above, after, below }: Edit): string {
    const shown = [...above, ...after, ...below]
    return `The file ${this.#place}/${path} has been edited. Here's the result of running \`cat -n\` on a snippet:\n${numbered(shown, line - above.length)}`
  }

  testRun(): string {
    const draw = this.#draw
    const lines = Array.from({ length: draw.between(3, 25) }, () => {
      const file = draw.pick(this.#corpus.files)
      return `tests/${file.path.replace(/\.\w+$/, '_test.py')}::test_${draw.hex(6)} ${draw.pick(['PASSED', 'PASSED', 'PASSED', 'FAILED'])} [${draw.between(1, 100).toString().padStart(3)}%]`
    })
    return `${'='.repeat(24)} test session starts ${'='.repeat(25)}\n${lines.join('\n')}\n${this.traceback()}\n${'='.repeat(18)} ${draw.between(1, 9)} failed, ${draw.between(1, 99)} passed in ${draw.below(9999) / 100}s ${'='.repeat(18)}`
  }

  traceback(): string {
    const draw = this.#draw
    const frames = Array.from({ length: draw.between(1, 6) }, () => {
      const file = draw.pick(this.#corpus.files)
      const at = draw.below(file.lines.length)
      return `  File "${this.#place}/${file.path}", line ${at + 1}, in func_${draw.hex(4)}\n    ${file.lines[at]!.trim()}`
    })
    return `Traceback (most recent call last):\n${frames.join('\n')}\nValueError: object at 0x7f${draw.hex(10)} is not usable`
  }

  #view({ path, lines }: SourceText) {
    const draw = this.#draw
    const length = Math.min(lines.length, Math.round(draw.around(45, 0.8)))
    const at = draw.below(lines.length - length + 1)
    const text = numbered(lines.slice(at, at + length), at + 1)
    return { command: `nl -ba ${path} | sed -n '${at + 1},${at + length}p'`, text }
  }

  #grep(file: SourceText) {
    const draw = this.#draw
    const words = draw.pick(file.lines).match(/[A-Za-z_]{4,}/g) ?? ['return']
    const word = draw.pick(words)
    const first = draw.below(this.#corpus.files.length)
    const found: string[] = []
    for (const { path, lines } of [file, ...this.#corpus.files.slice(first, first + SEARCHED_FILES)])
      for (let at = 0; at < lines.length && found.length < GREP_LINES; at++)
        if (lines[at]!.includes(word)) found.push(`${path}:${at + 1}:${lines[at]}`)
    return { command: `grep -rn "${word}" --include=*.ts . | head -${GREP_LINES}`, text: found.join('\n') }
  }

  #list() {
    const draw = this.#draw
    const first = draw.below(this.#corpus.files.length - 40)
    const files = this.#corpus.files.slice(first, first + draw.between(8, 40))
    const text = files.map(
      ({ path }) =>
        `-rw-r--r-- 1 root root ${String(draw.below(200_000)).padStart(7)} ${draw.pick(['Jan', 'Mar', 'Nov'])} ${String(draw.between(1, 28)).padStart(2)} ${draw.between(10, 23)}:${draw.between(10, 59)} ./${path}`,
    )
    return { command: `find . -name '*.ts' | xargs ls -l | head -${files.length}`, text: text.join('\n') }
  }

  #log() {
    const draw = this.#draw
    const commits = Array.from(
      { length: draw.between(5, 20) },
      () => `${draw.hex(9)} ${draw.pick(this.#corpus.prose).slice(0, 70)}`,
    )
    return { command: `git log --oneline | head -${commits.length}`, text: commits.join('\n') }
  }
}

function numbered(lines: readonly string[], first: number): string {
  return lines.map((line, at) => `${String(first + at).padStart(6)}\t${line}`).join('\n')
}
