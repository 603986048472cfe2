import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** The programs that bugs may name under `needs`. */
const programs = ['git', 'bash', 'python3', 'go', 'cargo', 'javac', 'gcc', 'g++', 'make']

/** Where each program of this machine is; Node is the one that runs the recorder. */
const folders = new Map<string, string>([['node', dirname(process.execPath)]])
for (const program of programs) {
  const folder = findFolder(program)
  if (folder) folders.set(program, folder)
}

/** Whether this machine can run what the bug needs; if not, the first program it lacks. */
export function missingProgram(needs: readonly string[]): string | undefined {
  return ['git', 'bash', ...needs].find((program) => !folders.has(program))
}

/**
 * The environment of every recorded command: a fixed clock for git, a fixed identity, C.UTF-8, UTC, no
 * colours, no configuration of the user, and only the programs above on the path.
 */
export function environment(home: string): Record<string, string> {
  const user = homedir()
  return {
    PATH: [...new Set([...folders.values(), '/usr/bin', '/bin'])].join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_PAGER: 'cat',
    GIT_AUTHOR_NAME: 'sample',
    GIT_AUTHOR_EMAIL: 'sample@localhost',
    GIT_COMMITTER_NAME: 'sample',
    GIT_COMMITTER_EMAIL: 'sample@localhost',
    GIT_AUTHOR_DATE: '2026-01-05T09:00:00Z',
    GIT_COMMITTER_DATE: '2026-01-05T09:00:00Z',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONHASHSEED: '0',
    RUST_TEST_THREADS: '1',
    CARGO_TERM_COLOR: 'never',
    CARGO_NET_OFFLINE: 'true',
    CARGO_HOME: process.env.CARGO_HOME ?? join(user, '.cargo'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(user, '.rustup'),
    GOCACHE: process.env.GOCACHE ?? join(user, '.cache', 'go-build'),
    GOPATH: join(home, 'go'),
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-count=1',
  }
}

/** Places of this machine that tools print, and the usual place that stands in for each. */
export function machinePaths(): readonly (readonly [found: string, shown: string])[] {
  const prefix = (folder: string | undefined): string | undefined => folder && dirname(folder)
  const pairs: [string | undefined, string][] = [
    [prefix(folders.get('python3')), '/usr'],
    [process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'), '/usr/local/rustup'],
    [prefix(folders.get('go')), '/usr/local/go'],
    [prefix(folders.get('node')), '/usr/local'],
  ]
  return pairs.filter((pair): pair is [string, string] => pair[0] !== undefined && pair[0] !== '/usr')
}

function findFolder(program: string): string | undefined {
  // Version managers put wrappers on the path which only work in the user's own environment.
  const ask =
    program === 'python3' ? `python3 -c 'import sys; print(sys.executable)'` : `command -v ${program}`
  const { status, stdout } = spawnSync('/bin/sh', ['-c', ask], { encoding: 'utf8' })
  const path = stdout?.trim()
  return status === 0 && path && existsSync(path) ? dirname(path) : undefined
}
