import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Sandbox } from './sandbox.ts'
import type { Call } from './script.ts'

/** The arguments of `str_replace_editor`, as they came: nothing about them is certain. */
export interface EditorArguments {
  readonly command?: unknown
  readonly path?: unknown
  readonly view_range?: unknown
  readonly file_text?: unknown
  readonly old_str?: unknown
  readonly new_str?: unknown
}

/** The view, create and replace tool of openhands and sweagent, working on a sandbox's files. */
export function runEditor(sandbox: Sandbox, wanted: EditorArguments): string {
  const path = String(wanted.path ?? '')
  const file = sandbox.resolve(path)
  if (!file)
    return `ERROR:\nInvalid \`path\` parameter: ${path} is not an absolute path inside ${sandbox.place}.`
  switch (wanted.command) {
    case 'view':
      return view(file, path, wanted.view_range)
    case 'create':
      if (existsSync(file)) return `ERROR:\nFile already exists at: ${path}. Use str_replace to change it.`
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, String(wanted.file_text ?? ''))
      return `File created successfully at: ${path}`
    case 'str_replace':
      return replace(file, path, String(wanted.old_str ?? ''), String(wanted.new_str ?? ''))
    default:
      return `ERROR:\nUnknown command ${JSON.stringify(wanted.command)}: use view, create or str_replace.`
  }
}

/** Makes edits directly, as a maintainer would. Each must apply. */
export function applyEdits(
  edits: readonly Extract<Call, { kind: 'replace' | 'create' }>[],
  folder: string,
): void {
  for (const edit of edits) {
    const file = join(folder, edit.path)
    if (edit.kind === 'create') writeFileSync(file, edit.text)
    else {
      const text = readFileSync(file, 'utf8')
      if (!text.includes(edit.before)) throw new Error(`${edit.path} doesn't hold ${edit.before}`)
      writeFileSync(
        file,
        text.replace(edit.before, () => edit.after),
      )
    }
  }
}

function view(file: string, path: string, range: unknown): string {
  if (!existsSync(file)) return `ERROR:\nThe path ${path} does not exist.`
  if (statSync(file).isDirectory()) {
    const names = readdirSync(file, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.split('/').some((part) => part.startsWith('.')) && name.split('/').length <= 2)
      .sort()
    return [
      `Files and directories up to 2 levels deep in ${path}:`,
      ...names.map((name) => `${path}/${name}`),
    ].join('\n')
  }
  const lines = readFileSync(file, 'utf8').split('\n')
  const [first, last] = Array.isArray(range) ? [Number(range[0]), Number(range[1])] : [1, lines.length]
  if (first < 1 || first > lines.length || (last !== -1 && last < first))
    return `ERROR:\nInvalid \`view_range\` ${JSON.stringify(range)}: the file has ${lines.length} lines.`
  const end = last === -1 ? lines.length : Math.min(last, lines.length)
  return `Here's the result of running \`cat -n\` on ${path}:\n${numbered(lines, first, end)}`
}

function replace(file: string, path: string, before: string, after: string): string {
  if (!existsSync(file)) return `ERROR:\nThe path ${path} does not exist.`
  const text = readFileSync(file, 'utf8')
  const count = before === '' ? 0 : text.split(before).length - 1
  if (count === 0)
    return `ERROR:\nNo replacement was performed, old_str \`${before}\` did not appear verbatim in ${path}.`
  if (count > 1)
    return `ERROR:\nNo replacement was performed, old_str occurs ${count} times in ${path}. Make it unique.`
  const changed = text.replace(before, () => after)
  writeFileSync(file, changed)
  const line = text.slice(0, text.indexOf(before)).split('\n').length
  const lines = changed.split('\n')
  const end = Math.min(line + after.split('\n').length + 2, lines.length)
  return [
    `The file ${path} has been edited. Here's the result of running \`cat -n\` on a snippet of it:`,
    numbered(lines, Math.max(1, line - 3), end),
    'Check that the change is what you meant, and edit again if it is not.',
  ].join('\n')
}

function numbered(lines: readonly string[], first: number, last: number): string {
  return lines
    .slice(first - 1, last)
    .map((line, at) => `${String(first + at).padStart(6)}\t${line}`)
    .join('\n')
}
