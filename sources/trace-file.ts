import { statSync } from 'node:fs'
import { type FileList, listFiles } from './files/list-files.ts'
import type { Hub } from './hub/hub.ts'
import type { DatasetFile } from './hub/hub-dataset.ts'
import { isHubUri, parseHubUri } from './hub/hub-uri.ts'

/** A file that may hold traces, under the name that it has in everything that is written. */
export interface TraceFile {
  readonly name: string
  /** it was asked for by itself, not found in a folder or by a glob */
  readonly named: boolean
  readonly bytes: number
  /** where it is on disk; null where it is only on the Hub */
  readonly path: string | null
  /** its place in a dataset on the Hub; null for files of one's own */
  readonly dataset: DatasetFile | null
}

export interface TraceFiles {
  /** in the order of reading */
  readonly files: readonly TraceFile[]
  readonly ignored: FileList['ignored']
}

/** The files that paths and URIs stand for. Throws SourceError when one of them stands for nothing. */
export async function listTraceFiles(
  from: readonly string[],
  hub: () => Promise<Hub>,
  signal: AbortSignal,
): Promise<TraceFiles> {
  const files: TraceFile[] = []
  const ignored: FileList['ignored'][number][] = []
  const seen = new Set<string>()
  for (const group of groupsOf(from)) {
    const listed = isHubUri(group[0]!) ? await listHub(group[0]!, await hub(), signal) : listLocal(group)
    ignored.push(...listed.ignored)
    for (const file of listed.files)
      if (seen.has(file.name)) ignored.push({ file: file.name, why: 'it is read already' })
      else {
        seen.add(file.name)
        files.push(file)
      }
  }
  return { files, ignored }
}

/** Each URI by itself, and paths that follow each other together. */
function groupsOf(from: readonly string[]): string[][] {
  const groups: string[][] = []
  for (const item of from) {
    const last = groups.at(-1)
    if (last && !isHubUri(item) && !isHubUri(last[0]!)) last.push(item)
    else groups.push([item])
  }
  return groups
}

function listLocal(paths: readonly string[]): TraceFiles {
  const { files, named, ignored } = listFiles(paths)
  return {
    files: files.map((file) => ({
      name: file,
      named: named.has(file),
      bytes: statSync(file).size,
      path: file,
      dataset: null,
    })),
    ignored,
  }
}

async function listHub(uri: string, hub: Hub, signal: AbortSignal): Promise<TraceFiles> {
  const { pattern } = parseHubUri(uri)
  const files = await hub.list(uri, signal)
  return {
    files: files.map((file) => ({
      name: file.uri,
      named: file.path === pattern,
      bytes: file.size,
      path: file.onDisk,
      dataset: file,
    })),
    ignored: [],
  }
}
