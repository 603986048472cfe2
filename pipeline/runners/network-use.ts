import type { SourceFile } from '../graph/source.ts'
import { NO_TRAFFIC, type Traffic } from '../graph/traffic.ts'

/** What a run asked of a network, and what it spared. */
export interface NetworkUse extends Traffic {
  /** to read each file that is not on the disk, in their order; what planning took of them is in the total only */
  readonly files: readonly FileUse[]
  /** size of these files */
  readonly ofBytes: number
  readonly avoided: {
    /** of columns that no step reads: projection */
    readonly columns: number
    /** of rows that were refused before the rest of them was read, or that a limit left out: push-down */
    readonly rows: number
  }
}

export interface FileUse extends Traffic {
  readonly file: string
  /** size of the file */
  readonly ofBytes: number
}

export function networkUse(
  total: Traffic,
  byFile: ReadonlyMap<string, Traffic>,
  files: readonly SourceFile[],
): NetworkUse {
  const remote = files.filter(({ published }) => published?.onDisk === null)
  const sum = (of: (file: SourceFile) => number) => remote.reduce((all, file) => all + of(file), 0)
  const columns = sum(({ unreadBytes }) => unreadBytes ?? 0)
  const ofBytes = sum(({ bytes }) => bytes)
  return {
    ...total,
    files: remote.map(({ file, bytes }) => ({ file, ...(byFile.get(file) ?? NO_TRAFFIC), ofBytes: bytes })),
    ofBytes,
    avoided: { columns, rows: Math.max(0, ofBytes - columns - total.bytes) },
  }
}
