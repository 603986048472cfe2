import { closestWord } from '../closest-word.ts'
import type { JsonSchema } from './recipe-json-schema.ts'

/** The way to a value: keys and positions. */
export type ValuePath = readonly (string | number)[]

/** Something wrong with a value of a recipe, in words for the person who wrote it. */
export interface Problem {
  readonly path: ValuePath
  /** what is at fault: the key itself, or the value it has */
  readonly at: 'key' | 'value'
  /** what was found and what is allowed, or what is missing */
  readonly message: string
  /** what was probably meant */
  readonly suggestion: string | null
}

/**
 * Everything in `value` that the schema does not allow. Where the schema offers several forms, the value is held
 * to the one whose keys it has most of.
 */
export function schemaProblems(value: unknown, schema: JsonSchema, path: ValuePath = []): Problem[] {
  const forms = schema.anyOf ?? [schema]
  if (isMapping(value) && forms.some(({ properties }) => properties)) return keyProblems(value, forms, path)
  const [form = {}] = forms
  if (isMapping(value) && form.type === 'object') return entryProblems(value, form, path)
  if (Array.isArray(value) && form.type === 'array') return itemProblems(value, form, path)
  if (fits(value, form)) return []
  const message = `found ${foundWords(value)}, allowed is ${allowedWords(boundFor(value, schema))}`
  return [{ path, at: 'value', message, suggestion: suggestValue(value, schema) }]
}

/** That whole numbers end at the largest safe one is worth a word to those alone who went beyond it. */
function boundFor(value: unknown, schema: JsonSchema): JsonSchema {
  const isBeyond = schema.type === 'integer' && Number(value) > Number.MAX_SAFE_INTEGER
  return isBeyond ? { maximum: Number.MAX_SAFE_INTEGER, ...schema } : schema
}

type Mapping = Readonly<Record<string, unknown>>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keyProblems(value: Mapping, forms: readonly JsonSchema[], path: ValuePath): Problem[] {
  const keysOf = (form: JsonSchema) => Object.keys(form.properties ?? {})
  const known = [...new Set(forms.flatMap(keysOf))]
  const written = Object.keys(value)
  const meant = written.map((key) => (known.includes(key) ? key : closestWord(key, known)))
  const shared = (form: JsonSchema) =>
    meant.filter((key) => key !== null && keysOf(form).includes(key)).length
  const form = forms.toSorted((a, b) => shared(b) - shared(a))[0]!
  const properties = form.properties ?? {}

  const problems: Problem[] = []
  for (const [at, key] of written.entries()) {
    const here = [...path, key]
    if (properties[key]) problems.push(...schemaProblems(value[key], properties[key], here))
    else if (known.includes(key)) {
      const beside = written.find((other) => properties[other])!
      problems.push({ path: here, at: 'key', message: `can't stand beside '${beside}'`, suggestion: null })
    } else problems.push(unknownKey(here, known, meant[at] ?? null))
  }
  const tooMany = form.maxProperties !== undefined && written.length > form.maxProperties
  if (tooMany && problems.every(({ at }) => at === 'value')) {
    const message = `found ${written.join(' and ')} in one item: give each an item of its own, in the order they are to judge`
    problems.push({ path, at: 'value', message, suggestion: null })
  }
  if (written.length === 0 && (forms.length > 1 || form.minProperties)) {
    const message = `found an empty mapping, needed is ${oneOf(forms.flatMap(namingKeys))}`
    return [{ path, at: 'value', message, suggestion: null }]
  }
  for (const key of form.required ?? [])
    if (!meant.includes(key)) {
      const what = properties[key]?.description
      problems.push({
        path,
        at: 'value',
        message: `'${key}' is missing${what ? `: ${what}` : ''}`,
        suggestion: null,
      })
    }
  return problems
}

/** Longer lists of keys are for the manual. */
const KEYS_TO_LIST = 8

/** `known` may be empty, when nobody knows what is allowed. */
export function unknownKey(path: ValuePath, known: readonly string[], meant: string | null): Problem {
  const list = known.length > 0 && (known.length <= KEYS_TO_LIST || meant === null)
  const allowed = list ? `, allowed is ${oneOf(known)}` : ''
  return { path, at: 'key', message: `unknown key${allowed}`, suggestion: meant }
}

function entryProblems(value: Mapping, form: JsonSchema, path: ValuePath): Problem[] {
  const { additionalProperties } = form
  if (typeof additionalProperties !== 'object') return []
  return Object.entries(value).flatMap(([key, entry]) =>
    schemaProblems(entry, additionalProperties, [...path, key]),
  )
}

function itemProblems(value: readonly unknown[], form: JsonSchema, path: ValuePath): Problem[] {
  if (value.length < (form.minItems ?? 0)) {
    const message = `found an empty list, allowed is ${allowedWords(form)}`
    return [{ path, at: 'value', message, suggestion: null }]
  }
  return value.flatMap((item, at) => schemaProblems(item, form.items ?? {}, [...path, at]))
}

function fits(value: unknown, form: JsonSchema): boolean {
  if (form.const !== undefined) return value === form.const
  if (form.enum) return form.enum.includes(value)
  switch (form.type) {
    case 'string':
      return typeof value === 'string' && value.length >= (form.minLength ?? 0)
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return Number.isSafeInteger(value) && withinBounds(value as number, form)
    case 'number':
      return typeof value === 'number' && withinBounds(value, form)
    default:
      return form.type === undefined
  }
}

function withinBounds(value: number, { minimum, exclusiveMinimum, maximum }: JsonSchema): boolean {
  return (
    value >= (minimum ?? Number.NEGATIVE_INFINITY) &&
    value > (exclusiveMinimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (maximum ?? Number.POSITIVE_INFINITY)
  )
}

/** Longer texts are shown by their beginning. */
const CHARACTERS_TO_SHOW = 40

function foundWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text = String(value)
  const shown = text.length > CHARACTERS_TO_SHOW ? `${text.slice(0, CHARACTERS_TO_SHOW)}…` : text
  return typeof value === 'string' ? `'${shown}'` : shown
}

/** The keys by which one form is told from the others. */
function namingKeys({ required, properties }: JsonSchema): readonly string[] {
  return required ?? Object.keys(properties ?? {})
}

/** What a schema allows, in words. */
function allowedWords(schema: JsonSchema): string {
  if (schema.anyOf) {
    return `a mapping with ${oneOf(schema.anyOf.flatMap(namingKeys))}`
  }
  if (schema.const !== undefined) return String(schema.const)
  if (schema.enum) return oneOf(schema.enum.map(String))
  switch (schema.type) {
    case 'integer':
      return `a whole number${boundWords(schema)}`
    case 'number':
      return `a number${boundWords(schema)}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list of ${(schema.minItems ?? 0) > 0 ? 'one or more ' : ''}${schema.items?.type === 'string' ? 'texts' : 'mappings'}`
    case 'object':
      return 'a mapping'
    default:
      return 'a text'
  }
}

function boundWords({ type, minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const least = type === 'integer' && exclusiveMinimum !== undefined ? exclusiveMinimum + 1 : minimum
  const words: string[] = []
  if (least !== undefined) words.push(`of at least ${least}`)
  else if (exclusiveMinimum !== undefined) words.push(`above ${exclusiveMinimum}`)
  if (maximum !== undefined) words.push(`up to ${maximum}`)
  return words.length > 0 ? ` ${words.join(' and ')}` : ''
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `one of ${words.join(', ')}`
}

function suggestValue(value: unknown, schema: JsonSchema): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value)
  if (schema.anyOf) {
    const key = closestWord(text, schema.anyOf.flatMap(namingKeys))
    return key && `${key}: …`
  }
  if (schema.type === 'array' && schema.items?.type === 'string') return `[${text}]`
  if (schema.type === 'integer' || schema.type === 'number') return numberMeant(text, schema)
  if (schema.type === 'boolean') return booleanMeant(text)
  return closestWord(text, [...(schema.enum ?? []), ...(schema.examples ?? [])].map(String))
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

/** `32k`, `32_000`, `32,000` and `40 %` are clear to a reader, and no numbers in YAML. */
function numberMeant(text: string, schema: JsonSchema): string | null {
  const match = /^(\d[\d_,]*(?:\.\d+)?)\s*([kmg%]?)$/i.exec(text)
  if (!match) return null
  const amount = Number(match[1]!.replace(/[_,]/g, ''))
  const unit = match[2]!.toLowerCase()
  const meant = unit === '%' ? amount / 100 : amount * FACTORS[unit]!
  return fits(meant, schema) && String(meant) !== text ? String(meant) : null
}

function booleanMeant(text: string): string | null {
  if (/^(yes|y|on|1)$/i.test(text)) return 'true'
  return /^(no|n|off|0)$/i.test(text) ? 'false' : null
}
