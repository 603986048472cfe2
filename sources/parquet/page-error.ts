/**
 * What is wrong with a page or a column: the bytes are not what the format allows. It costs the rows that the
 * page covers, which end as failed rows; it never leaves this folder.
 */
export class PageError extends Error {
  override readonly name = 'PageError'
}

/** What a damaged page says of itself; anything else is a bug or a disk, and goes on. */
export function faultOf(error: unknown): string {
  if (error instanceof PageError) return error.message
  throw error
}
