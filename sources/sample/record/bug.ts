import { readFileSync } from 'node:fs'
import { type Call, readEdits, Script } from './script.ts'
import { readTxtar } from './txtar.ts'

/** A small project with one real bug, and the attempts made on it. */
export interface Bug {
  readonly project: string
  /** `sluice-samples__<project>-<number>` */
  readonly instanceId: string
  readonly language: string
  /** How rows spell the language, taken in turn. */
  readonly spellings: readonly string[]
  readonly license: string
  readonly category: string | null
  /** The programs that its commands need. */
  readonly needs: readonly string[]
  /** What a developer runs. */
  readonly testCommand: string
  /** What decides: run on a fresh checkout with the patch applied and the hidden tests laid over it. */
  readonly hiddenCommand: string
  /** Whether the repository also holds a later branch with the fix, for a run that peeks. */
  readonly leaksFix: boolean
  readonly issue: string
  readonly files: ReadonlyMap<string, string>
  readonly hiddenFiles: ReadonlyMap<string, string>
  readonly fix: readonly Extract<Call, { kind: 'replace' | 'create' }>[]
  readonly attempts: readonly Attempt[]
}

export interface Attempt {
  readonly name: string
  /** Whether its author expects the hidden tests to pass; the recorder refuses a script that surprises. */
  readonly passes: boolean
  readonly script: Script
  readonly takes: readonly Take[]
}

/** One recording of an attempt: the harness and what sets this recording apart. */
export interface Take {
  readonly harness: string
  readonly marks: ReadonlySet<string>
}

/**
 * Reads `bugs/<name>.txtar`. Its comment is a block of `key: value` lines, a blank line, and the issue;
 * its files lie under `repo/` (the project), `hidden/` (tests nobody sees), `fix` (the true fix) and
 * `attempts/` (scripts headed by `passes` or `fails` and one `record: harness mark…` line a recording).
 */
export function readBug(file: URL): Bug {
  const { comment, files } = readTxtar(readFileSync(file, 'utf8'))
  const end = comment.indexOf('\n\n')
  const header = new Map(comment.slice(0, end).split('\n').map(readField))
  const need = (key: string): string => {
    const value = header.get(key)
    if (value === undefined) throw new Error(`${file.pathname}: no ${key}`)
    return value
  }
  const under = (folder: string): Map<string, string> =>
    new Map(
      [...files]
        .filter(([path]) => path.startsWith(folder))
        .map(([path, text]) => [path.slice(folder.length), text]),
    )
  return {
    project: need('project'),
    instanceId: `sluice-samples__${need('project')}-${need('number')}`,
    language: need('language'),
    spellings: need('spellings').split(' '),
    license: need('license'),
    category: header.get('category') ?? null,
    needs: need('needs').split(' '),
    testCommand: need('test'),
    hiddenCommand: need('hidden'),
    leaksFix: header.get('leaks-fix') === 'yes',
    issue: comment.slice(end).trim(),
    files: under('repo/'),
    hiddenFiles: under('hidden/'),
    fix: readEdits(files.get('fix') ?? ''),
    attempts: [...under('attempts/')].map(([name, text]) => readAttempt(name, text)),
  }
}

function readAttempt(name: string, text: string): Attempt {
  const [verdict, ...lines] = text.split('\n')
  if (verdict !== 'passes' && verdict !== 'fails') throw new Error(`attempt ${name} neither passes nor fails`)
  const start = lines.findIndex((line) => !line.startsWith('record: '))
  const takes = lines.slice(0, start).map((line) => {
    const [harness = '', ...marks] = line.slice('record: '.length).split(' ')
    return { harness, marks: new Set(marks) }
  })
  return { name, passes: verdict === 'passes', takes, script: new Script(lines.slice(start).join('\n')) }
}

function readField(line: string): [key: string, value: string] {
  const colon = line.indexOf(': ')
  return [line.slice(0, colon), line.slice(colon + 2)]
}
