import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '../errors.ts'
import type { SourceFile } from '../graph/source.ts'
import { PACKAGE } from '../package.ts'
import { WORK_DIRECTORY } from '../worker/committer.ts'
import { MANIFEST } from './manifest.ts'
import { RUN_RECORD } from './run-record.ts'

/** Folders that a run writes to, with the names of its files: what a killed run left is known by them. */
const OWN_FILES: Readonly<Record<string, RegExp>> = {
  data: /^train-\d{5}\.(jsonl(\.gz|\.zst)?|parquet)$/,
  analysis: /^trajectories-\d{5}\.(parquet|csv)$/,
  table: /^trajectories-\d{5}\.parquet$/,
  ledger: /^decisions-\d{5}\.parquet$/,
  failed: /^failed-\d{5}\.jsonl$/,
}

/** What an earlier run left in an output folder. Files that no run wrote are nobody's to remove. */
export class EarlierRun {
  readonly #directory: string
  /** relative to the folder; all that the run wrote */
  readonly #files: readonly string[]
  /** it came to its end: its output is somebody's result */
  readonly #complete: boolean

  private constructor(directory: string, files: readonly string[], complete: boolean) {
    this.#directory = directory
    this.#files = files
    this.#complete = complete
  }

  /** Throws UsageError when the folder holds something that no run wrote where this run would write. */
  static find(directory: string): EarlierRun {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new UsageError(`${directory} is a file: the output needs a folder`)
    const outputs = outputsOf(path.join(directory, MANIFEST))
    if (outputs) return new EarlierRun(directory, [...outputs, MANIFEST, RUN_RECORD], true)
    const killed = existsSync(path.join(directory, WORK_DIRECTORY))
    const left: string[] = []
    for (const [folder, names] of Object.entries(OWN_FILES)) {
      for (const name of filesIn(path.join(directory, folder))) {
        if (!killed || !names.test(name))
          throw new UsageError(
            `${directory} holds a folder '${folder}' that no run of ${PACKAGE.name} wrote: choose another folder for the output`,
          )
        left.push(`${folder}/${name}`)
      }
    }
    return new EarlierRun(directory, [...left, MANIFEST, RUN_RECORD], false)
  }

  /** Throws UsageError when a run came to its end here. */
  refuse(): void {
    if (!this.#complete) return
    throw new UsageError(
      `${this.#directory} holds the output of an earlier run: choose another folder, or replace it with --fresh`,
    )
  }

  /** Throws UsageError when what is to be read is among what is to be removed. */
  spare(sources: readonly SourceFile[]): void {
    const doomed = new Set(this.#files.map((file) => real(path.join(this.#directory, file))))
    const source = sources.find(({ file, published }) => doomed.has(real(published?.onDisk ?? file)))
    if (source)
      throw new UsageError(
        `${source.file} is to be read, and belongs to the output that this run replaces: choose another folder for the output`,
      )
  }

  /** Removes what the run wrote. */
  async remove(): Promise<void> {
    for (const file of this.#files)
      await rm(path.join(this.#directory, file), { recursive: true, force: true })
    for (const folder of new Set(this.#files.map((file) => path.dirname(file))))
      if (folder !== '.') await removeIfEmpty(path.join(this.#directory, folder))
  }
}

/** The files that a manifest of ours lists; null when there is none. */
function outputsOf(manifest: string): string[] | null {
  try {
    const { tool, outputs } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      tool?: { name?: unknown }
      outputs?: readonly { path: string }[]
    }
    if (tool?.name !== PACKAGE.name || !Array.isArray(outputs)) return null
    // A list that points out of the folder is not one that we wrote.
    return outputs
      .map((output) => output.path)
      .filter((file) => path.posix.normalize(`/${file}`) === `/${file}`)
  } catch {
    return null
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function real(file: string): string {
  return existsSync(file) ? realpathSync(file) : path.resolve(file)
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
  })
}
