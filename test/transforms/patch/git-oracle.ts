import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder outside every repository, where git reads patches as they are. */
export const outside = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-patch-')))

/** Settings of the machine's user would change what git prints and accepts. */
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: join(outside, 'no-such-config'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CEILING_DIRECTORIES: outside,
  LC_ALL: 'C.UTF-8',
}

export function runGit(cwd: string, args: readonly string[], input = '') {
  return spawnSync('git', args, { cwd, input, env: environment, maxBuffer: 2 ** 28 })
}

/** False, or why the tests that ask git are skipped. */
export const withoutGit: false | string =
  runGit(outside, ['--version']).status === 0 ? false : 'git is not installed'

/** The lines of `git apply --numstat -z`: added, removed, path. Null where git refuses the patch. */
export function gitNumstat(patch: string): string[] | null {
  const { status, stdout } = runGit(outside, ['apply', '--numstat', '-z', '-'], patch)
  return status === 0 ? stdout.toString().split('\0').slice(0, -1) : null
}
