/**
 * The words of a file or directory name in lower case, split at case changes, digits and punctuation:
 * `FooTest.java` is foo, test, java; `test_fix2` is test, fix.
 */
export function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase())
}

/** A file name without its last extension. */
export function stemOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.')
  return dot > 0 ? fileName.slice(0, dot) : fileName
}
