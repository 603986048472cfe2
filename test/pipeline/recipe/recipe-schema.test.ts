import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { RECIPE_FLAGS, schemaOfFlag } from '../../../pipeline/recipe/recipe-flags.ts'
import { type JsonSchema, recipeJsonSchema } from '../../../pipeline/recipe/recipe-json-schema.ts'

test('recipe.schema.json is what `sluice schema` prints: write it again when the recipe changes', () => {
  const committed = new URL('../../../pipeline/recipe/recipe.schema.json', import.meta.url)
  assert.deepEqual(JSON.parse(readFileSync(committed, 'utf8')), recipeJsonSchema())
})

test('every member of a recipe is described', () => {
  const undescribed: string[] = []
  const visit = (schema: JsonSchema, path: string): void => {
    for (const form of schema.anyOf ?? []) visit(form, path)
    if (schema.items) visit(schema.items, `${path}[]`)
    for (const [name, part] of Object.entries(schema.properties ?? {})) {
      // The description of balance tells its policies.
      if (!part.description && path !== '.balance') undescribed.push(`${path}.${name}`)
      visit(part, `${path}.${name}`)
    }
  }
  visit(recipeJsonSchema(), '')
  assert.deepEqual(undescribed, [])
})

test('every member of a recipe has a flag, but for the modules of the user', () => {
  const schema = recipeJsonSchema()
  const ofRecipe = Object.values(RECIPE_FLAGS).flatMap((flag) => ('member' in flag ? [flag.member[0]] : []))
  const members = Object.keys(schema.properties!).filter(
    (name) => !['filters', 'steps', 'sinks'].includes(name),
  )
  assert.deepEqual([...new Set(ofRecipe)].sort(), members.sort())
  const ofFilters = Object.values(RECIPE_FLAGS).flatMap((flag) => ('filter' in flag ? [flag.filter[0]] : []))
  const filters = Object.keys(schema.properties!.filters!.items!.anyOf![0]!.properties!)
  assert.deepEqual([...new Set(ofFilters)].sort(), filters.sort())
})

test('every flag stands for a member that is there', () => {
  const schema = recipeJsonSchema()
  for (const [name, flag] of Object.entries(RECIPE_FLAGS))
    assert.ok(schemaOfFlag(flag, schema).type, `--${name}`)
})
