import type { Action } from './action.ts'
import type { Program } from './program.ts'
import { isTestName } from './test-name.ts'
import { skipOptions } from './unwrap-program.ts'
import { wordSet } from './word-set.ts'

/** Modules that `python -m` runs as a test runner. */
const TEST_MODULES = wordSet(
  'pytest py.test unittest nose nose2 tox nox doctest twisted.trial stestr testtools.run test xdist',
  'green ward',
)
const BUILD_MODULES = wordSet('build compileall py_compile cython venv')
const SETUP_BUILDS = wordSet('build build_ext install develop sdist bdist_wheel egg_info build_py')

/** What text in a program's source gives away that running it runs tests, or writes files. */
const TEST_CALLS = ['pytest.main(', 'unittest.main(', 'unittest.TextTestRunner', 'doctest.testmod('] as const
const WRITE_CALLS = [
  '.write(',
  '.write_text(',
  '.writelines(',
  'writeFileSync(',
  'writeFile(',
  'File.write(',
] as const

/**
 * What an interpreter does (`python`, `node`, `ruby`, `perl`, `php`, a shell given a script file) by the module,
 * script or code it runs; null for any other program.
 */
export function interpreterAction(program: Program): Action | null {
  const name = program.name.replace(/(?:\d+(?:\.\d+){0,3}|w)$/, '')
  switch (name) {
    case 'python':
    case 'pypy':
    case 'ipython':
      return pythonAction(program)
    case 'coverage':
      return program.args[0] === 'run' ? pythonAction({ ...program, args: program.args.slice(1) }) : 'other'
    case 'django-admin':
      return program.args[0] === 'test' ? 'test' : 'other'
    case 'node':
    case 'ts-node':
    case 'tsx':
      return program.args.includes('--test')
        ? 'test'
        : scriptAction(program, ['-e', '-p', '--eval', '--print'])
    case 'perl':
    case 'ruby':
      if (program.args.some((arg) => /^-[a-zA-Z0-9]{0,8}i/.test(arg) && !arg.startsWith('-I'))) return 'edit'
      return scriptAction(program, ['-e', '-E'])
    case 'php':
      return program.args[0] === 'artisan' && program.args[1] === 'test'
        ? 'test'
        : scriptAction(program, ['-r'])
    case 'bash':
    case 'sh':
    case 'zsh':
    case 'dash':
    case 'ksh':
    case 'source':
    case '.':
      return scriptAction(program, [])
    case 'manage.py':
      return program.args[0] === 'test' ? 'test' : 'other'
    case 'setup.py':
      return setupAction(program.args)
    default:
      return null
  }
}

/** What code given on the command line does, as far as its calls tell. */
export function codeAction(code: string): Action {
  if (TEST_CALLS.some((call) => code.includes(call))) return 'test'
  return WRITE_CALLS.some((call) => code.includes(call)) ? 'edit' : 'other'
}

function pythonAction(program: Program): Action {
  const { args } = program
  const at = skipOptions(args, 0, '-W -X -m -c')
  const option = args.slice(0, at).findIndex((arg) => /^-[a-zA-Z]{0,8}[mc]$/.test(arg))
  if (option < 0) return scriptAction(program, [])
  const value = args[option + 1] ?? ''
  return args[option]!.endsWith('c')
    ? codeAction(value)
    : moduleAction(value, args.slice(option + 2), program)
}

function moduleAction(module: string, args: readonly string[], program: Program): Action {
  if (TEST_MODULES.has(module)) return 'test'
  if (BUILD_MODULES.has(module)) return 'build'
  if (module === 'pip') return /^(install|download|wheel|uninstall)$/.test(args[0] ?? '') ? 'build' : 'other'
  if (module === 'django') return args[0] === 'test' ? 'test' : 'other'
  // Once only: how often coverage is asked to run coverage is the input's choice.
  if (module === 'coverage' && args[0] === 'run' && program.name !== 'coverage')
    return pythonAction({ ...program, name: 'coverage', args: args.slice(1) })
  return 'other'
}

/** The action of `interpreter [options] SCRIPT …`, of code after one of `codeOptions`, or of code on its input. */
function scriptAction(program: Program, codeOptions: readonly string[]): Action {
  const { args, input } = program
  const code = args.findIndex((arg) => codeOptions.includes(arg))
  if (code >= 0) return codeAction(args[code + 1] ?? '')
  const script = args[skipOptions(args, 0, '-W -X -r --require --import')]
  if (script === undefined || script === '-') return input === null ? 'other' : codeAction(input)
  const name = script.slice(script.lastIndexOf('/') + 1)
  const rest = args.slice(args.indexOf(script) + 1)
  if (name === 'manage.py') return rest[0] === 'test' ? 'test' : 'other'
  if (name === 'setup.py') return setupAction(rest)
  if (name === 'phpunit' || name === 'pytest' || name === 'jest') return 'test'
  return isTestName(name) ? 'test' : 'other'
}

function setupAction(args: readonly string[]): Action {
  if (args.includes('test')) return 'test'
  return args.some((arg) => SETUP_BUILDS.has(arg)) ? 'build' : 'other'
}
