import type { Action } from './action.ts'
import { interpreterAction } from './interpreter-action.ts'
import { type Program, programOf } from './program.ts'
import { isTestName } from './test-name.ts'
import { skipOptions } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** What a program does by its name alone. */
const BY_NAME: Readonly<Record<Exclude<Action, 'other'>, string>> = {
  read:
    'cat tac head tail nl less more bat batcat view ls tree dir wc file stat xxd od hexdump strings diff cmp jq yq ' +
    'column cut sort uniq awk gawk mawk readlink realpath du open goto scroll_up scroll_down',
  search: 'grep egrep fgrep zgrep rg ag ack locate fd fdfind search_dir search_file find_file',
  edit: 'patch ed ex vi vim nvim nano emacs create edit insert append apply_patch',
  test:
    'pytest py.test pytest-3 nosetests nosetests3 nose2 tox nox trial stestr jest vitest mocha ava tap jasmine karma ' +
    'phpunit pest rspec cucumber bats prove gotestsum ginkgo busted ctest codecept',
  build:
    'cmake gcc g++ cc c++ clang clang++ ld ar rustc javac kotlinc scalac tsc autoreconf autoconf configure ' +
    'bootstrap qmake scons webpack rollup esbuild',
  git: 'tig',
}

const ACTION_OF: ReadonlyMap<string, Action> = new Map(
  Object.entries(BY_NAME).flatMap(([action, names]) =>
    names.split(' ').map((name) => [name, action as Action] as const),
  ),
)

/** Programs whose first word that is no option says what they do. */
interface Subcommands {
  readonly test?: string
  readonly build?: string
  readonly search?: string
  readonly edit?: string
  /** what any other word means */
  readonly otherwise: Action
  readonly valued?: string
}

const PACKAGES: Subcommands = {
  build:
    'install add sync update upgrade build wheel develop ci i restore create env remove uninstall download require',
  otherwise: 'other',
}

const BY_SUBCOMMAND: ReadonlyMap<string, Subcommands> = new Map<string, Subcommands>([
  ['git', { search: 'grep', edit: 'apply am', otherwise: 'git', valued: '-C -c --git-dir --work-tree' }],
  ['go', { test: 'test', build: 'build install mod get generate vet', otherwise: 'other', valued: '-C' }],
  [
    'cargo',
    { test: 'test t nextest', build: 'build b check c clippy install fetch update', otherwise: 'other' },
  ],
  ['mix', { test: 'test', build: 'compile deps.get', otherwise: 'other' }],
  ['swift', { test: 'test', build: 'build', otherwise: 'other' }],
  ['dotnet', { test: 'test vstest', build: 'build restore publish', otherwise: 'other' }],
  ['bazel', { test: 'test coverage', build: 'build fetch', otherwise: 'other' }],
  ['stack', { test: 'test', build: 'build install', otherwise: 'other' }],
  ['cabal', { test: 'test', build: 'build install', otherwise: 'other' }],
  ['meson', { test: 'test', build: 'setup compile install', otherwise: 'build', valued: '-C' }],
  ['deno', { test: 'test', build: 'compile bundle cache install', otherwise: 'other' }],
  ['zig', { test: 'test', build: 'build build-exe build-lib', otherwise: 'other' }],
  ['hatch', { test: 'test', build: 'build', otherwise: 'other' }],
  ['flutter', { test: 'test', build: 'build pub', otherwise: 'other' }],
  ['pip', PACKAGES],
  ['pip3', PACKAGES],
  ['conda', PACKAGES],
  ['mamba', PACKAGES],
  ['poetry', PACKAGES],
  ['pdm', PACKAGES],
  ['pipenv', PACKAGES],
  ['bundle', PACKAGES],
  ['gem', PACKAGES],
  ['apt', PACKAGES],
  ['apt-get', PACKAGES],
  ['apk', PACKAGES],
  ['yum', PACKAGES],
  ['dnf', PACKAGES],
  ['brew', PACKAGES],
  ['opam', PACKAGES],
])

/** Tools that run tasks by name; a task is a test by its name. */
const TASK_RUNNERS = wordSet('make gmake ninja just rake invoke inv task ant sbt lein')
const SCRIPT_RUNNERS = wordSet('npm pnpm yarn bun composer')
const SHELLS = wordSet('bash sh zsh dash ksh')

/** What a program does. Asking a program for its version or its help is `other`. */
export function programAction(program: Program): Action {
  const { name, args } = program
  if (args.includes('--version') || args.includes('--help')) return 'other'
  const byName = ACTION_OF.get(name)
  if (byName) return byName
  const subcommands = BY_SUBCOMMAND.get(name)
  if (subcommands) return subcommandAction(subcommands, args)
  switch (name) {
    case 'sed':
      return args.some((arg) => /^-[a-zA-Z]{0,8}i/.test(arg) || arg.startsWith('--in-place'))
        ? 'edit'
        : 'read'
    case 'find':
      return findAction(args)
    case 'tee':
      return args.some((arg) => !arg.startsWith('-') && !arg.startsWith('/dev/')) ? 'edit' : 'other'
    case 'uv':
      return subcommandAction(PACKAGES, args[0] === 'pip' ? args.slice(1) : args)
    case 'mvn':
    case 'mvnw':
      return mavenAction(args)
    case 'gradle':
    case 'gradlew':
      return gradleAction(args)
  }
  if (SCRIPT_RUNNERS.has(name)) return packageScriptAction(args)
  if (TASK_RUNNERS.has(name)) return taskAction(args)
  // `test -f x` is the shell's own; `bin/test` is a script.
  return (
    interpreterAction(program) ?? (isTestName(name) && (program.byPath || name !== 'test') ? 'test' : 'other')
  )
}

/** Whether a program is a shell, which runs its argument after `-c` or its input. */
export function isShell(name: string): boolean {
  return SHELLS.has(name)
}

function subcommandAction(
  { test, build, search, edit, otherwise, valued }: Subcommands,
  args: readonly string[],
): Action {
  // `cargo +nightly test`
  const from = args[0]?.startsWith('+') ? 1 : 0
  const word = args[skipOptions(args, from, valued)] ?? ''
  const has = (words: string | undefined): boolean => words?.split(' ').includes(word) ?? false
  if (has(test)) return 'test'
  if (has(build)) return 'build'
  if (has(search)) return 'search'
  return has(edit) ? 'edit' : otherwise
}

/** `find … -exec PROGRAM …` does what the program does, if that is more than searching. */
function findAction(args: readonly string[]): Action {
  const exec = args.findIndex((arg) => arg === '-exec' || arg === '-execdir' || arg === '-ok')
  const inner = exec < 0 ? null : programOf(args.slice(exec + 1), null)
  if (inner === null || inner.name === 'find') return 'search'
  const action = programAction(inner)
  return action === 'other' || action === 'read' ? 'search' : action
}

function mavenAction(args: readonly string[]): Action {
  if (args.some((arg) => arg.startsWith('-DskipTests') || arg.startsWith('-Dmaven.test.skip'))) return 'build'
  const tests = ['test', 'verify', 'integration-test', 'surefire:test', 'failsafe:integration-test']
  return args.some((arg) => tests.includes(arg)) ? 'test' : 'build'
}

function gradleAction(args: readonly string[]): Action {
  const tests = args.some((arg) => {
    const task = arg.slice(arg.lastIndexOf(':') + 1)
    return (
      !arg.startsWith('-') &&
      (task === 'test' || task === 'check' || task.endsWith('Test') || task.endsWith('Tests'))
    )
  })
  return tests ? 'test' : 'build'
}

/** `npm test`, `npm run build`, `yarn test:unit`, `pnpm --filter x test`, `yarn jest …`. */
function packageScriptAction(args: readonly string[]): Action {
  const first = skipOptions(args, 0, '--prefix -C --cwd -w --workspace --filter -F --dir')
  let script = args[first] ?? 'install'
  if (script === 'workspace') script = args[first + 2] ?? ''
  if (script === 'run' || script === 'run-script') script = args[skipOptions(args, first + 1)] ?? ''
  if (script === 't' || script === 'tst' || isTestName(script)) return 'test'
  if (subcommandAction(PACKAGES, [script]) === 'build' || /^(build|compile)\b/.test(script)) return 'build'
  return ACTION_OF.get(script) ?? 'other'
}

function taskAction(args: readonly string[]): Action {
  const targets = args.filter((arg) => !arg.startsWith('-') && !arg.includes('='))
  return targets.some((target) => isTestName(target) || /^check(all)?$|^check-|-check$/.test(target))
    ? 'test'
    : 'build'
}
