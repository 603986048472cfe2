import { type Language, languageOfPath } from './language.ts'

/**
 * Counts a patch's changed lines by language. Header files (`.h`) are C, unless the patch also touches files
 * that only C++ has: that is known at the end, so they are counted apart.
 */
export class LanguageTally {
  readonly #lines = new Map<Language, number>()
  #headerLines: number | null = null

  /** A file without changed lines, such as one that was only renamed, still shows its language. */
  add(path: string, changedLines: number): void {
    if (/\.h$/i.test(path)) {
      this.#headerLines = (this.#headerLines ?? 0) + changedLines
      return
    }
    const language = languageOfPath(path)
    if (language) this.#lines.set(language, (this.#lines.get(language) ?? 0) + changedLines)
  }

  /** Changed lines by language, most first, ties in name order. */
  ranked(): readonly (readonly [Language, number])[] {
    const lines = new Map(this.#lines)
    if (this.#headerLines !== null) {
      const cpp = [...lines.keys()].find(({ name }) => name === 'C++')
      const language = cpp ?? languageOfPath('header.h')!
      lines.set(language, (lines.get(language) ?? 0) + this.#headerLines)
    }
    return [...lines].sort(([a, x], [b, y]) => y - x || (a.name < b.name ? -1 : 1))
  }
}
