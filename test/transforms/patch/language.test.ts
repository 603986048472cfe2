import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as linguist from 'linguist-languages'
import { renderLinguistTable } from '../../../transforms/patch/generate-linguist-table.ts'
import { languageOfPath, normaliseLanguage } from '../../../transforms/patch/language.ts'
import { linguistTable } from '../../../transforms/patch/linguist-table.ts'

describe('the linguist table', () => {
  it('equals what the installed package says', () => {
    assert.equal(linguistTable, renderLinguistTable(), 'run transforms/patch/generate-linguist-table.ts')
  })

  it('gives every extension and file name to a language that claims it, or to its group', () => {
    const claims = new Map<string, string[]>()
    for (const { name, group, extensions = [], filenames = [] } of Object.values(
      linguist,
    ) as readonly Claims[]) {
      for (const path of [...extensions.map((extension) => `x${extension.toLowerCase()}`), ...filenames]) {
        claims.set(path, [...(claims.get(path) ?? []), group ?? name])
      }
    }
    for (const [path, names] of claims) {
      const language = languageOfPath(`dir/${path}`)
      assert.ok(language && names.includes(language.name), `${path}: ${language?.name} of ${names}`)
    }
  })
})

interface Claims {
  readonly name: string
  readonly group?: string
  readonly extensions?: readonly string[]
  readonly filenames?: readonly string[]
}

describe('the language of a path', () => {
  const expected: Readonly<Record<string, string>> = {
    'src/a.py': 'Python',
    'src/a.ts': 'TypeScript',
    'src/a.tsx': 'TypeScript',
    'src/a.mjs': 'JavaScript',
    'src/a.jsx': 'JavaScript',
    'src/a.rs': 'Rust',
    'src/A.java': 'Java',
    'src/a.php': 'PHP',
    'src/a.go': 'Go',
    'src/a.c': 'C',
    'src/a.h': 'C',
    'src/a.cc': 'C++',
    'src/a.HPP': 'C++',
    'go.mod': 'Go Module',
    'sub/Makefile': 'Makefile',
    Dockerfile: 'Dockerfile',
    'CMakeLists.txt': 'CMake',
    'README.md': 'Markdown',
    'a.yml': 'YAML',
    'a.json': 'JSON',
    'a.html': 'HTML',
    'a.sql': 'SQL',
    'a.txt': 'Text',
    'a.m': 'Objective-C',
    'a.cs': 'C#',
    'a.fs': 'F#',
    'a.pl': 'Perl',
    'a.r': 'R',
    'build.gradle.kts': 'Gradle',
    'view.blade.php': 'Blade',
    'version.1.2.py': 'Python',
  }
  for (const [path, name] of Object.entries(expected)) {
    it(`is ${name} for ${path}`, () => assert.equal(languageOfPath(path)?.name, name))
  }

  it('is unknown for names that linguist does not list', () => {
    for (const path of ['x', 'a.unheardof', 'dir.py/x', '', '.', 'a.'])
      assert.equal(languageOfPath(path), null)
  })
})

describe('a language label', () => {
  const spellings: Readonly<Record<string, readonly string[]>> = {
    python: ['python', 'Python', ' PYTHON ', 'py', 'python3'],
    go: ['go', 'Golang', 'GO'],
    typescript: ['ts', 'TypeScript', 'Type Script', 'type-script', 'tsx'],
    javascript: ['js', 'JavaScript', 'java script', 'jsx'],
    rust: ['rs', 'Rust'],
    java: ['java', 'JAVA'],
    php: ['php', 'PHP'],
    c: ['c', 'C'],
    cpp: ['c++', 'C++', 'cpp', 'CPP', 'cc'],
    'c#': ['c#', 'csharp', 'C-Sharp'],
    kotlin: ['kotlin', 'kt'],
    'objective-c': ['objective c', 'objc'],
  }
  for (const [key, labels] of Object.entries(spellings)) {
    it(`is ${key} in all its spellings`, () => {
      for (const label of labels) assert.equal(normaliseLanguage(label), key, label)
    })
  }

  it('is null where linguist knows none', () => {
    for (const label of ['', ' ', 'unheardof', 'constructor']) assert.equal(normaliseLanguage(label), null)
  })
})
