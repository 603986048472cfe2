/**
 * What `work` makes of the items, in their order, while up to `ahead` of them are worked on at once. Whoever stops
 * asking lets the rest come to nothing.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = []
  for (const item of items) {
    const working = work(item)
    // It is looked at in its turn; until then a failure is nobody's.
    working.catch(() => {})
    started.push(working)
    if (started.length >= ahead) yield await started.shift()!
  }
  for (const working of started) yield await working
}
