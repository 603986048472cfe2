import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Field, leafPaths } from '../../pipeline/batch/schema.ts'
import { traceSchema } from '../../transforms/trace-schema.ts'
import type { TraceRow } from '../../transforms/trajectory.ts'

/** For every member of a row type, whether it is a leaf (null), a list, or a struct of further members. */
type Shape<T> =
  NonNullable<T> extends readonly (infer Element)[]
    ? [Shape<Element>]
    : NonNullable<T> extends object
      ? { [Name in keyof NonNullable<T>]: Shape<NonNullable<T>[Name]> }
      : null

const patch = { patch: null }

/** The compiler holds this to TraceRow: a missing, additional or misplaced name does not type. */
const traceRow: Shape<TraceRow> = {
  instance_id: null,
  repo: null,
  license: null,
  language: null,
  trajectory_id: null,
  messages: [
    {
      role: null,
      content: null,
      reasoning_content: null,
      tool_call_id: null,
      tool_calls: [{ id: null, type: null, function: { name: null, arguments: null } }],
    },
  ],
  tools: [null],
  resolved: null,
  metadata: {
    category: null,
    teacher_model: { name: null, enable_thinking: null, reasoning_effort: null },
    reference_patch: patch,
    model_patch: patch,
  },
  hf_dataset_name: null,
  model_patch: null,
}

function shape(field: Field): unknown {
  if (field.kind === 'list') return [shape(field.element)]
  if (field.kind !== 'struct') return null
  return Object.fromEntries(Object.entries(field.fields).map(([name, member]) => [name, shape(member)]))
}

test('the schema of traces has the names of TraceRow, at the same places', () => {
  assert.deepEqual(shape(traceSchema), traceRow)
})

test('only patches are too large to be read before filters', () => {
  const bulky = leafPaths(traceSchema).filter(({ leaf }) => leaf.bulky)
  assert.deepEqual(
    bulky.map(({ path }) => path),
    ['metadata.reference_patch.patch', 'metadata.model_patch.patch', 'model_patch'],
  )
})
