/** A program with its arguments. */
export interface Program {
  /** without the path to it */
  readonly name: string
  /** it was called by a path: `./run`, `bin/test` */
  readonly byPath: boolean
  readonly args: readonly string[]
  /** what stands on its standard input, where the command says: a here-document or here-string */
  readonly input: string | null
}

/** The program that unwrapped words call. */
export function programOf(words: readonly string[], input: string | null): Program {
  const called = words[0] ?? ''
  const slash = called.lastIndexOf('/')
  return {
    name: slash < 0 ? called : called.slice(slash + 1),
    byPath: slash >= 0,
    args: words.slice(1),
    input,
  }
}
