import { spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Bug } from './bug.ts'
import { applyEdits } from './editor.ts'
import { scrub } from './scrub.ts'
import { environment, machinePaths } from './toolbox.ts'

const timeoutMs = 120_000

export interface Outcome {
  /** Both streams as the terminal shows them, invalid UTF-8 replaced by U+FFFD, scrubbed. */
  readonly output: string
  readonly exitCode: number
}

/** A bug's repository in a folder of its own, where commands run for real. Dispose of it. */
export class Sandbox implements Disposable {
  /** Where the repository seems to be: the path that commands and outputs show. */
  readonly place: string
  readonly #root: string
  readonly #env: Record<string, string>

  constructor(bug: Bug, place: string) {
    this.place = place
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-sample-')))
    this.#env = environment(this.#root)
    writeFileSync(
      join(this.#root, '.gitconfig'),
      '[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n',
    )
    mkdirSync(this.folder)
    this.#commit(bug)
  }

  /** Where the repository really is. */
  get folder(): string {
    return join(this.#root, 'repo')
  }

  /** The real path of one that a call names; only paths inside the repository have one. */
  resolve(path: string): string | undefined {
    if (path !== this.place && !path.startsWith(`${this.place}/`)) return undefined
    return this.folder + path.slice(this.place.length)
  }

  write(files: ReadonlyMap<string, string>): void {
    for (const [path, text] of files) {
      const target = join(this.folder, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, text)
    }
  }

  /** Runs a command line in a fresh bash at the repository's root. */
  run(command: string, input = ''): Outcome {
    const log = join(this.#root, 'log')
    // One descriptor for both streams keeps their order.
    const fd = openSync(log, 'w')
    // No terminal can be sent half a surrogate pair.
    const text = command.replaceAll(this.place, this.folder).toWellFormed()
    const { status, signal, error } = spawnSync('bash', ['-c', text], {
      cwd: this.folder,
      env: this.#env,
      input,
      stdio: ['pipe', fd, fd],
      timeout: timeoutMs,
    })
    closeSync(fd)
    if (error) throw new Error(`${command}: ${error.message}`, { cause: error })
    const output = scrub(readFileSync(log, 'utf8'), [
      [this.folder, this.place],
      [this.#root, '/root'],
      ...machinePaths(),
    ])
    // As a shell reports a program that a signal ended.
    return { output, exitCode: status ?? 128 + constants.signals[signal!] }
  }

  /** What has changed since the repository was made, new files included. */
  patch(): string {
    return this.run('git add -A && git diff --cached HEAD').output
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true })
  }

  #commit(bug: Bug): void {
    this.run('git init --quiet')
    this.write(new Map([...bug.files].filter(([path]) => path.endsWith('.md') || path.startsWith('.git'))))
    this.run(`git add -A && git commit --quiet -m 'Say what ${bug.project} is'`)
    this.write(bug.files)
    this.run(`git add -A && git commit --quiet -m 'Import ${bug.project}'`)
    if (!bug.leaksFix) return
    this.run('git checkout --quiet -b next')
    applyEdits(bug.fix, this.folder)
    const [title] = bug.issue.split('\n')
    this.run(`git commit --quiet --all --file -`, `Fix: ${title}\n`)
    this.run('git checkout --quiet main')
  }
}
