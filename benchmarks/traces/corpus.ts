import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Text that people wrote, to draw from: the sources and documents of packages whose versions the lock file pins. */
export interface Corpus {
  readonly files: readonly SourceText[]
  /** sentences of comments and documents */
  readonly prose: readonly string[]
}

export interface SourceText {
  /** seen from the repository that a trajectory works on */
  readonly path: string
  readonly lines: readonly string[]
}

/** Packages of plain JavaScript and TypeScript: the same files on every platform. */
const PACKAGES = [
  '@types/node',
  'fast-check',
  'highland',
  'hyparquet',
  'hyparquet-writer',
  'knip',
  'linguist-languages',
  'marked',
  'parse5',
  'parquetjs-lite',
  'piscina',
  'semver',
  'smol-toml',
  'typescript/lib',
  'undici-types',
  'yaml',
  'yargs',
  'yargs-parser',
  'zod',
]

const READ = /\.(?:[cm]?[jt]sx?|md)$/
/** Longer lines are generated or minified: nobody reads them in a terminal. */
const LONGEST_LINE = 400
const SHORTEST_FILE_LINES = 20

export function readCorpus(): Corpus {
  const modules = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../node_modules')
  const files: SourceText[] = []
  for (const name of PACKAGES) {
    const folder = path.join(modules, name)
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!READ.test(file) || file.includes('node_modules')) continue
      const lines = readFileSync(path.join(folder, file), 'utf8').split(/\r?\n/)
      if (lines.length < SHORTEST_FILE_LINES || lines.some((line) => line.length > LONGEST_LINE)) continue
      files.push({ path: `${name.replaceAll(/[@/]/g, '')}/${file.replaceAll('\\', '/')}`, lines })
    }
  }
  return { files, prose: files.flatMap(sentencesOf) }
}

function sentencesOf({ path: file, lines }: SourceText): string[] {
  const comment = file.endsWith('.md')
    ? /^(?!```|[#|<>[\-*])(\S.*)$/
    : /^\s*(?:\/\/|\*|\/\*\*)\s+(.*?)(?:\*\/)?$/
  const text = lines.map((line) => comment.exec(line)?.[1] ?? '').join(' ')
  return text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.length > 40 && sentence.length < 400)
}
