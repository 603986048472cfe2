import { z } from 'zod'
import { recipeSchema } from './recipe.ts'

/** The part of JSON Schema (draft 7) that describes recipes. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly minLength?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
}

/** The recipe's schema as a person writes it, before defaults are filled in. Editors read it, and so do our errors. */
export function recipeJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(recipeSchema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // That whole numbers are at most the largest safe one and that keys are texts is true, and no help.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      delete jsonSchema.propertyNames
    },
  })
  return { ...schema, title: 'Sluice recipe' } as JsonSchema
}

/** The published text of the schema, `recipe.schema.json`. */
export function recipeSchemaText(): string {
  return `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`
}
