import { Readable } from 'node:stream'
import highland from 'highland'

export interface InOrder<Task, Result> {
  readonly tasks: Iterable<Task>
  /** tasks begun and not yet consumed, at most */
  readonly inFlight: number
  run(task: Task): Promise<Result>
  /** Called with the results in the order of the tasks, one at a time; its promise is the backpressure. */
  consume(result: Result): Promise<void>
}

/** Runs tasks side by side and consumes their results in order. Rejects with the first failure. */
export async function inOrder<Task, Result>({
  tasks,
  inFlight,
  run,
  consume,
}: InOrder<Task, Result>): Promise<void> {
  const source = Readable.from(tasks, { objectMode: true, highWaterMark: 1 })
  try {
    await highland<Task>(source)
      .map((task) => highland(run(task)))
      .parallel(inFlight)
      .flatMap((result) => highland(consume(result)))
      .collect()
      .toPromise(Promise)
  } finally {
    // Highland does not carry the end of a consumer upstream.
    source.destroy()
  }
}
