import { linguistTable } from './linguist-table.ts'

/** A language as linguist counts it: members of a group (TSX, Snakemake) count as the group's language. */
export interface Language {
  /** Linguist's name, such as C++. */
  readonly name: string
  readonly type: 'programming' | 'markup' | 'data' | 'prose'
  /** The name in lower case; cpp for C++. */
  readonly key: string
}

/**
 * Extensions that several languages claim. Linguist decides by reading the file, which a patch doesn't hold;
 * here the more widely used one wins. Where this list is silent the first programming language by name wins,
 * then the first data, markup and prose language. C's `.h` is LanguageTally's affair.
 */
const settledExtensions: Readonly<Record<string, string>> = {
  '.asc': 'AsciiDoc',
  '.cfg': 'INI',
  '.es': 'JavaScript',
  '.f': 'Fortran',
  '.for': 'Fortran',
  '.ftl': 'FreeMarker',
  '.fx': 'HLSL',
  '.gd': 'GDScript',
  '.gs': 'JavaScript',
  '.html': 'HTML',
  '.i': 'SWIG',
  '.inc': 'PHP',
  '.jq': 'jq',
  '.l': 'Lex',
  '.m': 'Objective-C',
  '.md': 'Markdown',
  '.nu': 'Nushell',
  '.php': 'PHP',
  '.plist': 'XML Property List',
  '.pp': 'Puppet',
  '.pro': 'QMake',
  '.properties': 'Java Properties',
  '.re': 'Reason',
  '.rpy': "Ren'Py",
  '.rs': 'Rust',
  '.shader': 'ShaderLab',
  '.spec': 'RPM Spec',
  '.sql': 'SQL',
  '.srt': 'SubRip Text',
  '.star': 'Starlark',
  '.ts': 'TypeScript',
  '.tsx': 'TSX',
  '.txt': 'Text',
  '.v': 'Verilog',
  '.yaml': 'YAML',
  '.yml': 'YAML',
}

const typeOrder: readonly Language['type'][] = ['programming', 'data', 'markup', 'prose']

/** No extension in linguist's table has more dots than this, so that no more are looked up. */
const mostDots = 2

const { byExtension, byFileName, byLabel } = readTable()

/** The language of a file by its name, else its longest known extension; null where linguist knows neither. */
export function languageOfPath(path: string): Language | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const known = byFileName.get(name)
  if (known) return known
  let longest: Language | null = null
  let dot = name.length
  for (let dots = 0; dots < mostDots && dot > 0; dots++) {
    dot = name.lastIndexOf('.', dot - 1)
    if (dot < 0) break
    longest = byExtension.get(name.slice(dot).toLowerCase()) ?? longest
  }
  return longest
}

/**
 * The key of a language label as data sets spell it: by linguist's names, then its aliases, then its
 * extensions (ts, js, golang, py, rs, c++, cpp), whatever the case, spaces, hyphens and underscores. Null for
 * a label that linguist doesn't know.
 */
export function normaliseLanguage(label: string): string | null {
  const folded = foldLabel(label)
  return (byLabel.get(folded) ?? byExtension.get(`.${folded}`))?.key ?? null
}

function foldLabel(label: string): string {
  return label.toLowerCase().replace(/[\s_-]/g, '')
}

function readTable() {
  const rows = linguistTable.split('\n').map((line) => {
    const [name = '', type = '', group = '', extensions = '', fileNames = '', aliases = ''] = line.split('|')
    return { name, type: type as Language['type'], group, extensions, fileNames, aliases }
  })
  const byName = new Map<string, Language>()
  for (const { name, type } of rows) {
    byName.set(name, { name, type, key: name === 'C++' ? 'cpp' : name.toLowerCase() })
  }
  const firstWins = rows.toSorted((a, b) => typeOrder.indexOf(a.type) - typeOrder.indexOf(b.type))
  const byExtension = new Map<string, Language>()
  const byFileName = new Map<string, Language>()
  const byLabel = new Map<string, Language>()
  for (const { name, group, extensions, fileNames } of firstWins) {
    const language = byName.get(group || name)!
    for (const extension of listed(extensions)) {
      const key = extension.toLowerCase()
      if (settledExtensions[key] === name || !byExtension.has(key)) byExtension.set(key, language)
    }
    for (const fileName of listed(fileNames)) {
      if (!byFileName.has(fileName)) byFileName.set(fileName, language)
    }
    byLabel.set(foldLabel(name), language)
  }
  for (const { name, group, aliases } of rows) {
    for (const alias of listed(aliases).map(foldLabel)) {
      if (!byLabel.has(alias)) byLabel.set(alias, byName.get(group || name)!)
    }
  }
  return { byExtension, byFileName, byLabel }
}

function listed(field: string): string[] {
  return field === '' ? [] : field.split(',')
}
