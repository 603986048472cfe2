import type { Program } from './program.ts'
import { wordSet } from './word-set.ts'

const PYTEST = wordSet('pytest py.test pytest-3')
/** What shells exit with where a program can't be run, or isn't there. */
const CANNOT_RUN = 126
const NOT_FOUND = 127
/** pytest's: bad arguments, and nothing collected. */
const USAGE_ERROR = 4
const NO_TESTS = 5

/** What shells, Python and make say instead of running what they are asked to. */
const NOT_RUN = [
  /(?:^|: )command not found(?::|$)/i,
  /^(?:\S{0,200}\/)?-?(?:ba|da|z|k)?sh: .{1,300}: (?:not found|No such file or directory|Permission denied)$/,
  /^\S{0,200}(?:python|pypy)[\d.]{0,8}: (?:No module named |can't open file |Error while finding module )/,
  /^make(?:\[\d{1,3}\])?: \*\*\* No rule to make target /,
] as const
/** What pytest says that runs nothing, in its last lines. */
const PYTEST_NOT_RUN = [
  'no tests ran in ',
  'ERROR: file or directory not found: ',
  'error: unrecognized arguments: ',
] as const
/** These messages are one short line. */
const MAX_LINE_CHARACTERS = 400

/** Whether a program is pytest, whose exit codes and words are known here, also run as a module. */
export function isPytest({ name, args }: Program): boolean {
  return PYTEST.has(name) || args.some((arg, place) => PYTEST.has(arg) && args[place - 1] === '-m')
}

/**
 * Whether a test run never started, so that it says nothing about the code: the shell did not find the program
 * (or, in a chain, one before it), Python not the module, make not the target; or pytest was called wrongly or
 * found no test.
 *
 * @param exitCode null where there is none that is the test program's own
 * @param tail the end of the output; but for pytest's words only its last line counts
 */
export function neverStarted(pytest: boolean, exitCode: number | null, tail: string): boolean {
  if (exitCode === CANNOT_RUN || exitCode === NOT_FOUND) return true
  if (pytest && (exitCode === USAGE_ERROR || exitCode === NO_TESTS)) return true
  if (pytest && exitCode === null && PYTEST_NOT_RUN.some((words) => tail.includes(words))) return true
  const text = tail.trimEnd()
  const line = text.slice(text.lastIndexOf('\n') + 1)
  return line.length <= MAX_LINE_CHARACTERS && NOT_RUN.some((message) => message.test(line))
}
