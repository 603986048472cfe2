import { languageOfPath } from './language.ts'
import { stemOf, wordsOf } from './path-words.ts'
import { isTestFile } from './test-file.ts'

/** What patch tools, editors and interpreters drop, anywhere: backups, rejects, caches, dumps. */
const leftoverName = /\.(?:orig|rej|bak|tmp|temp|swp|swo|pyc|pyo)$|~$|^(?:nohup\.out|a\.out|\.DS_Store)$/i

/** Directories of caches and installed packages, anywhere. */
const leftoverDirectory = /^(?:__pycache__|\.pytest_cache|\.mypy_cache|node_modules)$|\.egg-info$/

/** Temporary directories in the root, and a packaging run's copy of the sources (`python setup.py build`). */
const leftoverRoot = /^(?:\.?tmp|temp|scratch|build\/(?:lib|bdist|temp)[^/]*)\//i

/** The patch itself, written down for submission, or a program's captured output. */
const savedOutput = /(?:^|[_-])(?:patch|diff|output|out|logs?|results?)\.txt$|\.(?:patch|diff|log)$/i

/** Write-ups of the work done. */
const report = /(?:summary|solution|pr[_-]description)\.(?:md|txt|rst)$/i

/** A script that shows the bug is called this wherever it lies. */
const reproductionWords = new Set([
  'repro',
  'repros',
  'reproduce',
  'reproducer',
  'reproduces',
  'reproduction',
])

/** What scripts in the repository's root are called when they try, check or show something once. */
const trialWords = new Set(
  'test tests debug demo verify verification check validate try trial tmp temp scratch manual minimal'.split(
    ' ',
  ),
)

/** What such scripts end with: simple_test.py, apply_fix.py. */
const trialEndings = new Set(['test', 'tests', 'debug', 'demo', 'fix', 'verification'])

/**
 * Whether a new file looks like one that an agent left behind rather than meant: reproduction and debug
 * scripts, trial tests in the repository's root, backups and rejects, temporary, build and cache files, saved
 * patches and reports. Ask it of new files only: a repository may well own a file of such a name.
 *
 * By path alone, on the careful side: away from the root only names that sources never have count. Go keeps
 * its tests beside its sources, so that x_test.go in the root is none of these.
 */
export function isScratchFile(path: string): boolean {
  const directories = path.split('/')
  const name = directories.pop() ?? ''
  if (leftoverName.test(name) || leftoverRoot.test(path)) return true
  if (directories.some((directory) => leftoverDirectory.test(directory))) return true
  const words = wordsOf(stemOf(name))
  const [first = ''] = words
  const last = words.at(-1) ?? ''
  const isReproduction = reproductionWords.has(first) || reproductionWords.has(last)
  if (directories.length > 0) return isReproduction && !isTestFile(path)
  if (isReproduction || savedOutput.test(name) || report.test(name)) return true
  const isTrial = trialWords.has(first) || trialEndings.has(last)
  return isTrial && !isSettings(name) && !name.endsWith('_test.go')
}

/** Whether a file is configuration or prose, such as test-requirements.txt; scripts and pictures are not. */
function isSettings(name: string): boolean {
  const type = languageOfPath(name)?.type
  return type !== undefined && type !== 'programming'
}
