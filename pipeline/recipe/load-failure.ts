import { readdirSync, statSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { closestWord } from '../closest-word.ts'

/** Why a module can't be loaded, in words for the person who named it. */
export interface LoadFailure {
  readonly message: string
  /** the name that was probably meant */
  readonly suggestion: string | null
}

/** Why no module was found under the name of a package. `folder` is where it was looked for. */
export function packageFailure(use: string, folder: string, cause: unknown): LoadFailure {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND')
    return { message: (cause as Error).message, suggestion: null }
  const beside = statSync(path.resolve(folder, use), { throwIfNoEntry: false })
  return {
    message: `there is no package '${use}' in ${folder} or above: npm install it there; the path of a file begins with ./`,
    suggestion: beside?.isFile() ? `./${use}` : null,
  }
}

/** Why a module that was found could not be imported. `url` is its own. */
export function importFailure(use: string, url: string, cause: unknown): LoadFailure {
  if (!url.startsWith('file:')) return { message: (cause as Error).message, suggestion: null }
  const file = fileURLToPath(url)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return { message: `there is no file '${use}'`, suggestion: fileMeant(use, file) }
  if (found.isDirectory()) return { message: `'${use}' is a folder: name a file in it`, suggestion: null }
  const { message } = cause as Error
  if (TAKEN_FOR_COMMON_JS.test(message)) return { message: moduleAdvice(use, url), suggestion: null }
  return { message: `can't load ${placeOf(cause as Error, use, file)}: ${message}`, suggestion: null }
}

const MODULE = /\.[cm]?[jt]s$/

/** The file of the same folder whose name is nearest, named as the missing one was. */
function fileMeant(use: string, file: string): string | null {
  const folder = path.dirname(file)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null
  const near = closestWord(
    path.basename(file),
    readdirSync(folder).filter((name) => MODULE.test(name)),
  )
  return near && use.slice(0, use.length - path.basename(use).length) + near
}

/** What Node says of a module's syntax in a file that it takes for CommonJS. */
const TAKEN_FOR_COMMON_JS = /import statement outside a module|Unexpected token 'export'/

function moduleAdvice(use: string, url: string): string {
  const manifest = findPackageJSON(url) ?? 'package.json'
  const renamed = path.basename(use).replace(/\.([jt]s)$/, '.m$1')
  return `Node takes '${use}' for CommonJS: write "type": "module" in ${manifest}, or name the file ${renamed}`
}

/** Node begins the stack of a syntax error with its place. */
const SYNTAX_PLACE = /^(?:file:\/\/)?(\/.+):(\d+)\n/
/** Else the first frame says where the error was thrown, unless Node itself threw it. */
const FIRST_FRAME = /\n +at (.*)/
const FRAME_PLACE = /file:\/\/(\/.+?):(\d+):\d+\)?$/

/** The line at fault, or just the module where Node does not tell the line. */
function placeOf({ stack = '' }: Error, use: string, file: string): string {
  const match = SYNTAX_PLACE.exec(stack) ?? FRAME_PLACE.exec(FIRST_FRAME.exec(stack)?.[1] ?? '')
  return match ? `${match[1] === file ? use : match[1]}:${match[2]}` : `'${use}'`
}
