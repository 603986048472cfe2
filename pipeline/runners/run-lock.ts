import { mkdir, open, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { UsageError } from '../errors.ts'
import { WORK_DIRECTORY } from '../worker/committer.ts'

const LOCK = 'lock'

interface Owner {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/** A run's working directory, which is its own until it is released. */
export interface WorkDirectory {
  readonly path: string
  /** Removes it, and the output directory where that was made for it and nothing was written there. */
  release(): Promise<void>
}

/**
 * Takes a run's working directory for this process and clears it of what a killed run left. Throws UsageError when
 * another run has it.
 */
export async function lockWorkDirectory(directory: string): Promise<WorkDirectory> {
  const work = path.join(directory, WORK_DIRECTORY)
  const lock = path.join(work, LOCK)
  const isNew = (await mkdir(directory, { recursive: true })) !== undefined
  await mkdir(work, { recursive: true })
  const owner: Owner = { pid: process.pid, host: os.hostname(), since: new Date().toISOString() }
  while (!(await createOnce(lock, `${JSON.stringify(owner)}\n`))) {
    const other = await readOwner(lock)
    if (other && runs(other))
      throw new UsageError(
        `another run writes to ${directory} (process ${other.pid} on ${other.host}, since ${other.since}): wait for it, or remove ${lock} if it is gone`,
      )
    await rm(lock, { force: true })
  }
  for (const name of await readdir(work))
    if (name !== LOCK) await rm(path.join(work, name), { recursive: true, force: true })
  return {
    path: work,
    async release() {
      await rm(work, { recursive: true, force: true })
      // One that holds something stays.
      if (isNew) await rmdir(directory).catch(() => {})
    },
  }
}

/** Whether the file was not there before. */
async function createOnce(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    try {
      await handle.writeFile(text)
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Null for a lock that was never written to its end: who made it was killed just then. */
async function readOwner(lock: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Owner
  } catch {
    return null
  }
}

/** Of another machine's processes nothing is known. */
function runs({ pid, host }: Owner): boolean {
  if (host !== os.hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
