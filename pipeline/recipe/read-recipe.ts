import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { closestWord } from '../closest-word.ts'
import { UsageError } from '../errors.ts'
import { type Recipe, recipeSchema } from './recipe.ts'
import { RecipeError } from './recipe-error.ts'
import { applyFlags, type FlagValues } from './recipe-flags.ts'
import { type JsonSchema, recipeJsonSchema } from './recipe-json-schema.ts'
import { type RecipePlaces, recipeError, rememberPlaces } from './recipe-places.ts'
import { type Problem, schemaProblems, type ValuePath } from './schema-problems.ts'
import { parseYaml, type YamlText } from './yaml-text.ts'

export interface ReadRecipeOptions {
  /** the YAML file; without one, the flags are the recipe */
  readonly file?: string | undefined
  readonly flags?: FlagValues
  /** what paths of flags are seen from */
  readonly workingDirectory: string
}

/** A checked recipe and where it lies. */
export interface ReadRecipe {
  readonly recipe: Recipe
  /** absolute: relative paths in the recipe are seen from here */
  readonly folder: string
  /** absolute: the recipe's output folder, else `out` in the working directory */
  readonly out: string
}

/** Reads a recipe, lays flags over it, and checks it. Throws RecipeError with everything that is wrong with it. */
export function readRecipe({ file, flags = {}, workingDirectory }: ReadRecipeOptions): ReadRecipe {
  if (file === undefined && (flags.from ?? false) === false)
    throw new UsageError('there is nothing to read: name a recipe, or the data with --from PATH')
  const yaml = file === undefined ? null : parseRecipe(file, path.resolve(workingDirectory, file))
  const folder = file === undefined ? workingDirectory : path.resolve(workingDirectory, path.dirname(file))
  const schema = recipeJsonSchema()
  const { value, origins, filterPositions } = applyFlags(mappingOf(yaml, file), flags, {
    schema,
    toRecipe: (written) => seenFrom(folder, workingDirectory, written),
  })
  const places: RecipePlaces = { file, yaml, origins, filterPositions }
  const checked = recipeSchema.safeParse(value)
  if (!checked.success) throw recipeError(problemsOf(value, schema, checked.error), places)
  const recipe = checked.data
  rememberPlaces(recipe, places)
  const out =
    recipe.out === undefined ? path.resolve(workingDirectory, 'out') : path.resolve(folder, recipe.out)
  return { recipe, folder, out }
}

function parseRecipe(file: string, resolved: string): YamlText {
  const text = readText(file, resolved)
  if (text.includes('\0'))
    throw new UsageError(`${file} is no text, so no recipe. To read it as data: sluice run --from ${file}`)
  const yaml = parseYaml(text)
  if (yaml.problems.length > 0)
    throw new RecipeError(
      file,
      yaml.problems.map(({ span, message }) => ({
        place: { file, span, text: yaml.line(span.line) },
        field: '',
        message,
        suggestion: null,
      })),
    )
  return yaml
}

function readText(file: string, resolved: string): string {
  try {
    return readFileSync(resolved, 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EISDIR')
      throw new UsageError(
        `${file} is a folder, so no recipe. To read what is in it: sluice run --from ${file}`,
        {
          cause,
        },
      )
    if (code !== 'ENOENT') throw new UsageError(`can't read the recipe ${file}: ${message}`, { cause })
    const near = closestWord(path.basename(file), recipesBeside(resolved))
    const meant = near === null ? '' : `; did you mean ${path.join(path.dirname(file), near)}?`
    throw new UsageError(`there is no recipe ${file}${meant}`, { cause })
  }
}

function recipesBeside(file: string): string[] {
  try {
    return readdirSync(path.dirname(file)).filter((name) => /\.ya?ml$/i.test(name))
  } catch {
    return []
  }
}

function mappingOf(yaml: YamlText | null, file: string | undefined): Readonly<Record<string, unknown>> {
  const value = yaml?.value ?? {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  const found = Array.isArray(value) ? 'a list' : `the text '${String(value).slice(0, 40)}'`
  throw new RecipeError(file!, [
    {
      place: { file: file!, span: yaml!.find([], 'value'), text: yaml!.line(1) },
      field: '',
      message: `found ${found}, allowed is a mapping, such as 'from: [data]'`,
      suggestion: null,
    },
  ])
}

/** A path of the working directory as one seen from the recipe's folder. URIs and absolute paths stay. */
function seenFrom(folder: string, workingDirectory: string, written: string): string {
  if (folder === workingDirectory || path.isAbsolute(written) || /^[a-z][a-z\d+.-]+:\/\//i.test(written))
    return written
  return path.relative(folder, path.resolve(workingDirectory, written)).replaceAll(path.sep, '/') || '.'
}

/** What the schema forbids in words of ours, and what only a rule of zod's forbids in the rule's words. */
function problemsOf(value: unknown, schema: JsonSchema, error: z.ZodError): Problem[] {
  const problems = schemaProblems(value, schema)
  const known = problems.map((problem) => JSON.stringify(problem.path).slice(0, -1))
  for (const issue of error.issues) {
    const at = issue.path.filter((part) => typeof part !== 'symbol')
    const here = JSON.stringify(at).slice(0, -1)
    if (known.some((other) => here.startsWith(other) || other.startsWith(here))) continue
    if (issue.code !== 'custom' && problems.length > 0) continue
    problems.push(ruleProblem(issue, at, value, schema))
  }
  return problems
}

function ruleProblem(issue: z.core.$ZodIssue, at: ValuePath, value: unknown, schema: JsonSchema): Problem {
  const isKey = issue.code === 'custom' && issue.params?.at === 'key'
  const found = isKey ? at.at(-1) : at.reduce<unknown>((inside, part) => (inside as never)?.[part], value)
  const isWord = typeof found === 'string'
  return {
    path: at,
    at: isKey ? 'key' : 'value',
    message: isWord ? `'${found}' ${issue.message}` : issue.message,
    suggestion: isWord ? otherWord(found, examplesIn(schema)) : null,
  }
}

function otherWord(found: string, words: readonly string[]): string | null {
  const near = closestWord(found, words)
  return near?.toLowerCase() === found.toLowerCase() ? null : near
}

/** The words that a schema gives as examples, wherever in it. */
function examplesIn(schema: JsonSchema): string[] {
  const inner = [
    ...(schema.anyOf ?? []),
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
  ]
  return [...(schema.examples ?? []).map(String), ...inner.flatMap(examplesIn)]
}
