import { programName, skipOptions } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** Commands that list commits; options that make them list more than what HEAD descends from. */
const LISTS = wordSet('log shortlog rev-list whatchanged show-branch')
const WIDER = ['--all', '--remotes', '--branches', '--tags', '--reflog', '-g', '--walk-reflogs'] as const
/** Commands that show or take what they are named. */
const TAKES = wordSet(
  'show log diff checkout switch restore cherry-pick merge rebase reset cat-file archive worktree',
  'rev-list shortlog ls-tree format-patch blame whatchanged',
)
const REMOTES = ['origin/', 'upstream/', 'remotes/', 'refs/remotes/'] as const
const HASH = /^[0-9a-f]{7,40}$/

/**
 * Whether a git command looks, or could look, past the commit that the task starts from:
 * - `git log`, `shortlog`, `rev-list`, `whatchanged`, `show-branch` with `--all`, `--branches`, `--remotes`,
 *   `--tags`, `--reflog`, `-g`
 * - `git show` and `git cherry-pick` of a hash (of 7 to 40 hexadecimal digits; HEAD~2 and the like are the past)
 * - any of show, log, diff, checkout, switch, restore, cherry-pick, merge, rebase, reset, cat-file, … of a remote
 *   branch (`origin/…`, `upstream/…`, `remotes/…`) or of FETCH_HEAD, also inside a range
 * - `git reflog`, `git fetch`, `git pull`, `git remote update`, `git fsck --lost-found` or `--unreachable`
 * - `git branch` with `-a`, `-r`, `--all`, `--remotes`
 * What a hash names can't be told from the command: some of these looks find nothing new.
 *
 * @param words the program and its arguments, unwrapped
 */
export function looksAhead(words: readonly string[]): boolean {
  if (words.length < 2 || programName(words[0]!) !== 'git') return false
  const at = skipOptions(words, 1, '-C -c --git-dir --work-tree')
  const command = words[at] ?? ''
  const args = words.slice(at + 1)
  switch (command) {
    case 'reflog':
    case 'fetch':
    case 'pull':
      return true
    case 'remote':
      return args.includes('update')
    case 'fsck':
      return args.some((arg) => arg === '--lost-found' || arg === '--unreachable' || arg === '--dangling')
    case 'branch':
      return args.some(
        (arg) => arg === '--all' || arg === '--remotes' || /^-[a-z]{0,4}[ar][a-z]{0,4}$/.test(arg),
      )
  }
  if (LISTS.has(command) && args.some(isWider)) return true
  const revisions = untilPaths(args)
  if (TAKES.has(command) && revisions.some(namesRemote)) return true
  return (command === 'show' || command === 'cherry-pick') && revisions.some(namesHash)
}

function isWider(arg: string): boolean {
  return WIDER.some((option) => arg === option || arg.startsWith(`${option}=`))
}

/** The arguments before `--`, after which only paths stand. */
function untilPaths(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

function namesRemote(arg: string): boolean {
  return arg
    .slice(0, 500)
    .split('..')
    .some((side) => {
      const revision = side.replace(/^\.|^\^/, '')
      return revision.startsWith('FETCH_HEAD') || REMOTES.some((remote) => revision.startsWith(remote))
    })
}

/** `3f2a9c1`, `3f2a9c1^`, `3f2a9c1:src/main.c`. */
function namesHash(arg: string): boolean {
  return HASH.test(arg.slice(0, 100).split(/[~^:@]/, 1)[0]!)
}
