import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SchemaElement } from 'hyparquet'
import { boolean, list, number, type Struct, string, struct } from '../../../pipeline/batch/schema.ts'
import { resolveSchema } from '../../../sources/parquet/schema-resolution.ts'
import { schemaTree } from '../../../sources/parquet/schema-tree.ts'

type Node = [name: string, of: string | Node[], repetition?: SchemaElement['repetition_type'], list?: 'LIST']

/** Elements of a footer's schema, from a tree of [name, type or children, repetition, annotation]. */
function elements(nodes: Node[]): SchemaElement[] {
  const flat = ([name, of, repetition_type = 'OPTIONAL', converted_type]: Node): SchemaElement[] => {
    const annotated = converted_type ? { converted_type } : {}
    if (typeof of === 'string')
      return [{ name, repetition_type, type: of as NonNullable<SchemaElement['type']> }]
    return [{ name, repetition_type, num_children: of.length, ...annotated }, ...of.flatMap(flat)]
  }
  return [{ name: 'schema', num_children: nodes.length }, ...nodes.flatMap(flat)]
}

const resolve = (nodes: Node[], schema: Struct) => resolveSchema(schemaTree(elements(nodes)).root, schema)

const levelsOf = (nodes: Node[], schema: Struct) =>
  resolve(nodes, schema).leaves.map(({ path, column, lists }) => [
    path,
    column.maxDefinition,
    ...lists.map(({ present, element }) => `${present}/${element}`),
  ])

describe('a reader schema', () => {
  test('finds fields by name, else by alias, in any order', () => {
    const schema = struct({ a: string(), b: number({ aliases: ['old_b', 'older_b'] }), c: boolean() })
    const { leaves, mismatches } = resolve(
      [
        ['older_b', 'INT32'],
        ['old_b', 'INT64'],
        ['a', 'BYTE_ARRAY'],
      ],
      schema,
    )
    assert.deepEqual(
      leaves.map(({ path, column }) => [path, column.name]),
      [
        ['a', 'a'],
        ['b', 'old_b'],
      ],
    )
    assert.deepEqual(mismatches, [])
  })

  const texts = struct({ tags: list(string()) })
  const turns = struct({ turns: list(struct({ role: string(), text: string() })) })
  const pair: Node[] = [
    ['role', 'BYTE_ARRAY'],
    ['text', 'BYTE_ARRAY'],
  ]
  const forms: [string, Node[], Struct, (string | number)[][]][] = [
    [
      'of three levels',
      [['tags', [['list', [['element', 'BYTE_ARRAY']], 'REPEATED']], 'OPTIONAL', 'LIST']],
      texts,
      [['tags', 3, '1/2']],
    ],
    [
      'named item',
      [['tags', [['list', [['item', 'BYTE_ARRAY']], 'REPEATED']], 'OPTIONAL', 'LIST']],
      texts,
      [['tags', 3, '1/2']],
    ],
    [
      'named bag and array_element',
      [['tags', [['bag', [['array_element', 'BYTE_ARRAY']], 'REPEATED']], 'OPTIONAL', 'LIST']],
      texts,
      [['tags', 3, '1/2']],
    ],
    [
      'without annotation',
      [['tags', [['list', [['element', 'BYTE_ARRAY', 'REQUIRED']], 'REPEATED']]]],
      texts,
      [['tags', 2, '1/2']],
    ],
    [
      'of two levels',
      [['tags', [['element', 'BYTE_ARRAY', 'REPEATED']], 'REQUIRED', 'LIST']],
      texts,
      [['tags', 1, '0/1']],
    ],
    ['that is a bare repeated field', [['tags', 'BYTE_ARRAY', 'REPEATED']], texts, [['tags', 1, '0/1']]],
    [
      'that is a bare repeated group',
      [['turns', pair, 'REPEATED']],
      turns,
      [
        ['turns.role', 2, '0/1'],
        ['turns.text', 2, '0/1'],
      ],
    ],
    [
      'of two levels with a group',
      [['turns', [['element', pair, 'REPEATED']], 'OPTIONAL', 'LIST']],
      turns,
      [
        ['turns.role', 3, '1/2'],
        ['turns.text', 3, '1/2'],
      ],
    ],
    [
      'of a group named array with one field',
      [['turns', [['array', [['role', 'BYTE_ARRAY']], 'REPEATED']], 'OPTIONAL', 'LIST']],
      turns,
      [['turns.role', 3, '1/2']],
    ],
  ]
  for (const [form, nodes, schema, expected] of forms)
    test(`reads a list ${form}`, () => assert.deepEqual(levelsOf(nodes, schema), expected))

  test('reads a list of which no wanted member is there by another member, for its length', () => {
    const { leaves } = resolve(
      [['turns', [['list', [['element', [['other', 'INT32']]]], 'REPEATED']], 'OPTIONAL', 'LIST']],
      turns,
    )
    assert.deepEqual(
      leaves.map(({ path, kind, column }) => [path, kind, column.name]),
      [['turns', null, 'other']],
    )
  })

  const nothing = { type: 'NULL' } as const
  const nullable = (
    name: string,
    type: SchemaElement['type'],
    logical_type?: SchemaElement['logical_type'],
  ) => {
    const repetition_type = 'OPTIONAL' as const
    return { name, repetition_type, ...(type && { type }), ...(logical_type && { logical_type }) }
  }

  test('takes a field of the type null for one that is not there, and looks for its aliases', () => {
    const { root } = schemaTree([
      { name: 'schema', num_children: 5 },
      nullable('a', 'INT32', nothing),
      nullable('b', 'INT32', nothing),
      nullable('old_b', 'INT64'),
      nullable('c', 'INT32', nothing),
      nullable('d', 'INT32', nothing),
    ])
    const schema = struct({
      a: string(),
      b: number({ aliases: ['old_b'] }),
      c: list(string()),
      d: struct({ e: string() }),
    })
    const { leaves, mismatches } = resolveSchema(root, schema)
    assert.deepEqual(
      leaves.map(({ path, column }) => [path, column.name]),
      [['b', 'old_b']],
    )
    assert.deepEqual(mismatches, [])
  })

  test('reads a list of nulls for its length', () => {
    const { root } = schemaTree([
      { name: 'schema', num_children: 1 },
      { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      nullable('element', 'INT32', nothing),
    ])
    const { leaves, mismatches } = resolveSchema(root, texts)
    assert.deepEqual(
      leaves.map(({ path, kind, lists }) => [path, kind, lists.length]),
      [['tags', null, 1]],
    )
    assert.deepEqual(mismatches, [])
  })

  test('takes no date, time or timestamp for a number', () => {
    const { root } = schemaTree([
      { name: 'schema', num_children: 3 },
      { ...nullable('date', 'INT32'), converted_type: 'DATE' },
      { ...nullable('time', 'INT64'), converted_type: 'TIME_MICROS' },
      nullable('at', 'INT64', { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' }),
    ])
    const { mismatches } = resolveSchema(root, struct({ date: number(), time: number(), at: number() }))
    assert.deepEqual(
      mismatches.map(({ message }) => message),
      ['DATE', 'TIME', 'TIMESTAMP'].map((meaning) => `a number is expected, the file has ${meaning}`),
    )
  })

  test('reports what can not be read as what is wanted, and takes a boolean as a number', () => {
    const schema = struct({
      a: string(),
      b: number(),
      c: list(string()),
      d: struct({ e: string() }),
      f: number(),
    })
    const { leaves, mismatches } = resolve(
      [
        ['a', 'INT32'],
        ['b', 'BYTE_ARRAY'],
        ['c', 'BYTE_ARRAY'],
        ['d', 'BYTE_ARRAY'],
        ['f', 'BOOLEAN'],
      ],
      schema,
    )
    assert.deepEqual(
      leaves.map(({ path }) => path),
      ['f'],
    )
    assert.deepEqual(mismatches, [
      { path: 'a', message: 'a string is expected, the file has INT32' },
      { path: 'b', message: 'a number is expected, the file has BYTE_ARRAY' },
      { path: 'c', message: 'a list is expected, the file has BYTE_ARRAY' },
      { path: 'd', message: 'a struct is expected, the file has BYTE_ARRAY' },
    ])
  })
})
