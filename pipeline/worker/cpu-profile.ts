import { writeFile } from 'node:fs/promises'
import type { Session } from 'node:inspector/promises'

/** A CPU profile of this thread, as the developer tools of Chrome and VS Code open it. */
export class CpuProfile {
  #session: Session | null = null

  async start(): Promise<void> {
    const { Session } = await import('node:inspector/promises')
    const session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    this.#session = session
  }

  /** Ends the profile and writes it to a file. */
  async save(file: string): Promise<void> {
    const session = this.#session
    if (!session) throw new Error('there is no profile to save: it was never started')
    this.#session = null
    try {
      const { profile } = await session.post('Profiler.stop')
      await writeFile(file, JSON.stringify(profile))
    } finally {
      session.disconnect()
    }
  }
}
