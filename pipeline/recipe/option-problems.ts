import type { z } from 'zod'
import { closestWord } from '../closest-word.ts'
import type { JsonSchema } from './recipe-json-schema.ts'
import { type Problem, schemaProblems, unknownKey, type ValuePath } from './schema-problems.ts'

/**
 * What the schema of a user's module finds wrong with its options, in the words in which a recipe's own mistakes are
 * told. Of what those words don't cover, what the schema says of it. `path` is the way to the options.
 */
export function optionProblems(
  options: unknown,
  { schema, error, path }: { schema: z.ZodType; error: z.ZodError; path: ValuePath },
): Problem[] {
  const problems = error.issues.flatMap((issue): Problem[] => {
    const inside = issue.path.filter((part) => typeof part !== 'symbol')
    const at = [...path, ...inside]
    if (issue.code === 'unrecognized_keys') {
      const known = inside.length === 0 ? keysOf(schema) : []
      return issue.keys.map((key) => unknownKey([...at, key], known, closestWord(key, known)))
    }
    const found = inside.reduce<unknown>((value, part) => (value as never)?.[part], options)
    const inOurWords = schemaProblems(found, allowedBy(issue), at)
    return inOurWords.length > 0
      ? inOurWords
      : [{ path: at, at: 'value', message: lowerFirst(issue.message), suggestion: null }]
  })
  // A misspelt option is not missing as well.
  const misspelt = problems.map(({ path: at, suggestion }) => pathText([...at.slice(0, -1), suggestion]))
  return problems.filter((problem) => problem.at === 'key' || !misspelt.includes(pathText(problem.path)))
}

function pathText(path: readonly unknown[]): string {
  return JSON.stringify(path)
}

function keysOf(schema: z.ZodType): string[] {
  return 'shape' in schema ? Object.keys(schema.shape as object) : []
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  int: 'integer',
  boolean: 'boolean',
  object: 'object',
  record: 'object',
}

/** What an issue says is allowed; a schema that allows everything when it is no matter of a type or of choices. */
function allowedBy(issue: z.core.$ZodIssue): JsonSchema {
  if (issue.code === 'invalid_value') return { enum: issue.values }
  const type = issue.code === 'invalid_type' ? TYPES[issue.expected] : undefined
  return type === undefined ? {} : { type }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
