import { posix } from 'node:path'
import { Memory } from '../../pipeline/batch/memory.ts'
import { allTraffic, NO_TRAFFIC } from '../../pipeline/graph/traffic.ts'
import type { Hub } from '../hub/hub.ts'
import { inOrder } from '../in-order.ts'
import { listTraceFiles, type TraceFile } from '../trace-file.ts'
import { AmountCounter } from './amount-counter.ts'
import type { FileContent } from './file-content.ts'
import { inspectFile } from './inspect-file.ts'
import type { DamagedFile, DatasetCommit, FileFacts, Inspection } from './inspection.ts'
import { ShapeGroups } from './shape-groups.ts'

interface Options {
  /** files, folders, globs, and datasets on the Hub (`hf://datasets/…`) */
  readonly from: readonly string[]
  /** files to look at, the first ones; null for all */
  readonly limitFiles: number | null
  readonly signal: AbortSignal
  /** Called after each file. */
  onFile?(done: number, files: number): void
}

/** Files of the Hub that are looked at at once: their footers are a round trip away. */
const AHEAD = 16

/**
 * What is to be had under the names that a run would read: from footers and a few columns, and from all of the text
 * only of JSON lines on the disk. A file that is damaged is listed as that. Throws UsageError and SourceError when
 * there is nothing under a name.
 */
export async function inspectTraces({ from, limitFiles, signal, onFile }: Options): Promise<Inspection> {
  let loading: Promise<Hub> | null = null
  const hub = (): Promise<Hub> => {
    loading ??= import('../hub/hub.ts').then(({ Hub }) => new Hub())
    return loading
  }
  try {
    const list = await listTraceFiles(from, hub, signal)
    const files = list.files.slice(0, limitFiles ?? undefined)
    const gathered = new Gathered()
    const memory = new Memory()
    let done = 0
    const looking = inOrder(files, files.some(({ path }) => path === null) ? AHEAD : 1, async (file) => {
      const found = await inspectFile(file, { hub, memory, signal })
      onFile?.(++done, files.length)
      return { file, found }
    })
    for await (const { file, found } of looking) {
      if (found.kind === 'content') gathered.add(file, found.content)
      else if (found.kind === 'other' && !file.named)
        gathered.ignored.push({ file: file.name, why: found.why })
      else {
        const error = found.kind === 'damaged' ? found.error : `${file.name} can't be read: ${found.why}`
        gathered.damaged.push({ file: file.name, error, named: file.named })
      }
    }
    const hubUsed = await (loading as Promise<Hub> | null)
    const traffic = hubUsed ? allTraffic(hubUsed.takeTraffic()) : NO_TRAFFIC
    return {
      from,
      datasets: datasetsOf(list.files),
      ...gathered.all(),
      ignored: [...list.ignored, ...gathered.ignored],
      damaged: gathered.damaged,
      notLookedAt: list.files.length - files.length,
      traffic: traffic.requests > 0 ? traffic : null,
    }
  } finally {
    await (await (loading as Promise<Hub> | null))?.close()
  }
}

class Gathered {
  readonly ignored: { file: string; why: string }[] = []
  readonly damaged: DamagedFile[] = []
  readonly #files: FileFacts[] = []
  readonly #total = new AmountCounter()
  readonly #leaves = new Map<string, AmountCounter>()
  readonly #shapes = new ShapeGroups()

  add({ name, bytes }: TraceFile, { facts, columns, tally }: FileContent): void {
    const leaf = posix.dirname(name)
    const ofLeaf = this.#leaves.get(leaf) ?? new AmountCounter()
    this.#leaves.set(leaf, ofLeaf)
    for (const counter of [this.#total, ofLeaf]) counter.add(bytes, facts, tally)
    const shape = columns && this.#shapes.add(name, bytes, columns)
    this.#files.push({ file: name, bytes, ...facts, shape })
  }

  all(): Pick<Inspection, 'total' | 'leaves' | 'shapes' | 'files'> {
    return {
      total: this.#total.all(),
      leaves: [...this.#leaves].map(([leaf, counter]) => ({ leaf, ...counter.all() })),
      shapes: this.#shapes.list(),
      files: this.#files,
    }
  }
}

function datasetsOf(files: readonly TraceFile[]): DatasetCommit[] {
  const seen = new Map<string, DatasetCommit>()
  for (const { dataset } of files) {
    if (!dataset) continue
    const { repository, commit } = dataset
    seen.set(`${repository}@${commit}`, { repository, commit })
  }
  return [...seen.values()]
}
