import { languageOfPath } from './language.ts'
import { stemOf, wordsOf } from './path-words.ts'

const testWords = new Set(['test', 'tests', 'unittest', 'unittests', 'testcase', 'testcases'])

/** Directories of tests whose names don't start or end with one of the words above. */
const testDirectories = new Set(['__mocks__', '__snapshots__', 'cypress', 'e2e', 'spec', 'testdata'])

/** Test files that no word gives away: pytest's fixtures, Jest's snapshots, PHP's own test format. */
const testFileName = /^conftest\.py$|\.snap$|\.phpt$/

/**
 * JavaScript's and TypeScript's dotted forms, PHP's phpspec, Java's integration tests for Maven Failsafe, and
 * base classes.
 */
const testSuffix =
  /\.(?:spec|e2e|cy|test-d)\.[cm]?[jt]sx?$|Spec\.php$|[a-z\d]IT\.java$|TestCase\.(?:java|php)$/

/**
 * Whether a path is a test's by the conventions of the nine languages: anything under a directory like
 * tests/, __tests__/, src/test/, unit-tests/, testdata/, and source files named like test_x.py, x_test.go,
 * x.test.ts, x-test.js, XTest.java, TestX.java, x_unittest.cc, tests.rs. By name alone, so that a library's
 * own test package (django/test/client.py) counts too.
 */
export function isTestFile(path: string): boolean {
  const directories = path.split('/')
  const name = directories.pop() ?? ''
  if (directories.some(isTestDirectory) || testFileName.test(name) || testSuffix.test(name)) return true
  return startsOrEndsWithTest(stemOf(name)) && languageOfPath(name)?.type === 'programming'
}

function isTestDirectory(name: string): boolean {
  return testDirectories.has(name.toLowerCase()) || startsOrEndsWithTest(name)
}

function startsOrEndsWithTest(name: string): boolean {
  const words = wordsOf(name)
  return testWords.has(words[0] ?? '') || testWords.has(words.at(-1) ?? '')
}
