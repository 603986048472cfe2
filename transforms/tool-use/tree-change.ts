import type { Program } from './program.ts'
import { skipOptions } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** Commands of git that always put other files into the work tree, or take files from it. */
const CHANGES = wordSet('cherry-pick merge mv pull rebase revert')
const STASH_LOOKS = wordSet('list show drop clear create store branch')
const NEW_BRANCH = wordSet('-b -B --orphan -c -C --create --force-create')

/**
 * Whether a program that is no edit by its action still changes the files that tests see: git's checkout,
 * switch, restore, stash, reset --hard, revert, cherry-pick, merge, rebase, pull, rm, mv, clean, and `mv` and
 * `cp` but for backups and temporary files. Plain `rm` is left out: nearly all that agents remove so are the
 * scripts they wrote to try something, and the tests run before still tell.
 */
export function changesTree(program: Program): boolean {
  switch (program.name) {
    case 'git':
      return gitChanges(program.args)
    case 'mv':
      return operands(program.args).some((file) => !isAside(file))
    case 'cp':
      return operands(program.args)
        .slice(-1)
        .some((file) => !isAside(file))
    default:
      return false
  }
}

function gitChanges(words: readonly string[]): boolean {
  const at = skipOptions(words, 0, '-C -c --git-dir --work-tree')
  const args = words.slice(at + 1)
  const has = (...options: readonly string[]): boolean => args.some((arg) => options.includes(arg))
  switch (words[at]) {
    case 'checkout':
    case 'switch':
      // A new branch alone starts from what is there.
      return operands(args).length > (args.some((arg) => NEW_BRANCH.has(arg)) ? 1 : 0) || has('-f', '--force')
    case 'restore':
      return !has('--staged', '-S') || has('--worktree', '-W')
    case 'stash':
      return !STASH_LOOKS.has(args[0] ?? 'push')
    case 'reset':
      return has('--hard', '--merge', '--keep')
    case 'rm':
      return !has('--cached', '--dry-run', '-n')
    case 'clean':
      return !args.some((arg) => arg === '--dry-run' || /^-[a-zA-Z]{0,8}n/.test(arg))
    default:
      return CHANGES.has(words[at] ?? '')
  }
}

function operands(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith('-') || arg === '-')
}

/** A file that no test sees. */
function isAside(file: string): boolean {
  return (
    file.startsWith('/tmp/') ||
    file.startsWith('/dev/') ||
    /(?:\.bak|\.orig|\.backup|~)$/.test(file.slice(-16))
  )
}
