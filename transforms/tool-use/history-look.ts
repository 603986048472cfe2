import type { Program } from './program.ts'
import { skipOptions } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** Commands that list commits; options that make them list more than what HEAD descends from. */
const LISTS = wordSet('log shortlog rev-list whatchanged show-branch')
const WIDER = ['--all', '--remotes', '--branches', '--tags', '--reflog', '-g', '--walk-reflogs'] as const
/** Commands that show or take the commits they are named. */
const TAKES = wordSet(
  'show log diff checkout switch restore cherry-pick revert merge rebase reset cat-file archive worktree',
  'rev-list rev-parse shortlog ls-tree format-patch blame whatchanged show-branch diff-tree grep',
)
/** Commands that name the branches and tags that hold a commit, later ones too. */
const HOLDERS = wordSet('branch tag describe for-each-ref')
/** Options whose value is the next word and no commit. */
const VALUED: ReadonlyMap<string, string> = new Map([
  ['checkout', '-b -B --orphan'],
  ['switch', '-c -C --create --force-create --orphan'],
  ['worktree', '-b -B'],
  ['merge', '-m -F -s -X'],
  ['cherry-pick', '-m -X'],
  ['revert', '-m -X'],
  ['grep', '-e -f -A -B -C -m --max-depth --threads'],
])
const LOG_VALUED =
  '-S -G -L -n -O -U --grep --author --committer --since --after --until --before --max-count'
/** Options that name a commit after `=`. */
const NAMING = ['--source=', '--onto='] as const
const REMOTE_NAMES = wordSet('origin upstream FETCH_HEAD')
const REMOTES = ['origin/', 'upstream/', 'remotes/', 'refs/remotes/'] as const
const HASH = /^[0-9a-f]{7,40}$/
/** No name of a commit or a range is longer. */
const MAX_REVISION_CHARACTERS = 500

/**
 * Whether a git command looks, or could look, past the commit that the task starts from:
 * - `git log`, `shortlog`, `rev-list`, `whatchanged`, `show-branch` with `--all`, `--branches`, `--remotes`,
 *   `--tags`, `--reflog`, `-g`
 * - any of show, log, diff, checkout, switch, restore, cherry-pick, revert, merge, rebase, reset, cat-file, grep,
 *   … of a hash (of 7 to 40 hexadecimal digits; HEAD~2 and the like are the past), of a remote branch
 *   (`origin/…`, `upstream/…`, `remotes/…`, a bare `origin` or `upstream`) or of FETCH_HEAD, also inside a range,
 *   before `:` and after `--source=`
 * - `git reflog`, `git fetch`, `git pull`, `git ls-remote`, `git remote update`, `git fsck --lost-found` or
 *   `--unreachable`
 * - `git branch` with `-a`, `-r`, `--all`, `--remotes`; `git branch`, `tag`, `describe` with `--contains`
 * What a hash names can't be told from the command: it can be one that the agent saw in the log, so some of
 * these looks find nothing new.
 */
export function looksAhead({ name, args: words }: Program): boolean {
  if (name !== 'git') return false
  const at = skipOptions(words, 0, '-C -c --git-dir --work-tree')
  const command = words[at] ?? ''
  const args = words.slice(at + 1)
  switch (command) {
    case 'reflog':
    case 'fetch':
    case 'pull':
    case 'ls-remote':
      return true
    case 'remote':
      return args.includes('update')
    case 'fsck':
      return args.some((arg) => arg === '--lost-found' || arg === '--unreachable' || arg === '--dangling')
    case 'branch':
      if (args.some((arg) => /^--(?:all|remotes)$|^-[a-z]{0,4}[ar][a-z]{0,4}$/.test(arg))) return true
  }
  if (LISTS.has(command) && args.some((arg) => isOption(arg, WIDER))) return true
  if (HOLDERS.has(command)) return args.some((arg) => isOption(arg, ['--contains']))
  return TAKES.has(command) && namedCommits(command, args).some(isLater)
}

function isOption(arg: string, options: readonly string[]): boolean {
  return options.some((option) => arg === option || arg.startsWith(`${option}=`))
}

/** The arguments that can name a commit: no options, and nothing after `--`, where only paths stand. */
function namedCommits(command: string, args: readonly string[]): readonly string[] {
  const valued = (VALUED.get(command) ?? LOG_VALUED).split(' ')
  const end = args.indexOf('--')
  const names: string[] = []
  for (let at = 0; at < (end < 0 ? args.length : end); at++) {
    const arg = args[at]!
    const naming = NAMING.find((option) => arg.startsWith(option))
    if (naming) names.push(arg.slice(naming.length))
    else if (valued.includes(arg)) at++
    else if (!arg.startsWith('-')) names.push(arg)
  }
  // The first word of a search is what is searched for, unless an option gave it.
  const isPatternFirst = command === 'grep' && !args.includes('-e') && !args.includes('-f')
  return isPatternFirst ? names.slice(1) : names
}

/** Whether a name or a side of a range is one that can be later: `3f2a9c1^`, `HEAD..origin/main`, `origin:a.c`. */
function isLater(revision: string): boolean {
  return revision
    .slice(0, MAX_REVISION_CHARACTERS)
    .split('..')
    .some((side) => {
      // What remains of `...`, and `^` for what is left out.
      const name = side.replace(/^[.^]/, '').split(/[~^:@]/, 1)[0]!
      return HASH.test(name) || REMOTE_NAMES.has(name) || REMOTES.some((remote) => name.startsWith(remote))
    })
}
