import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { parseTrajectory } from '../../../transforms/parse/parse-trajectory.ts'
import { analyseToolUse } from '../../../transforms/tool-use/analyse-tool-use.ts'
import type { TraceRow } from '../../../transforms/trajectory.ts'

const folder = new URL('../../../../shared/data/open-swe-shape/', import.meta.url).pathname
const skip = existsSync(folder) ? false : `there are no recorded runs at ${folder}`

async function* recordedRows(): AsyncIterable<{ path: string; row: TraceRow }> {
  for (const path of globSync(`${folder}**/*.parquet`).sort()) {
    const { buffer, byteOffset, byteLength } = readFileSync(path)
    const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
    // Nulls come as undefined: parsing takes both for nothing there.
    for (const row of await parquetReadObjects({ file })) yield { path, row: row as unknown as TraceRow }
  }
}

test('75 recorded runs of three harnesses are parsed and measured', { skip }, async () => {
  const harnesses: Record<string, number> = {}
  const ends: Record<string, number> = {}
  let withoutPatch = 0
  let tested = 0
  for await (const { path, row } of recordedRows()) {
    const trajectory = parseTrajectory(row, { path: '' })
    const messages = row.messages ?? []
    const structured = messages.reduce((sum, { tool_calls }) => sum + (tool_calls?.length ?? 0), 0)
    const where = `${path} ${row.instance_id}`
    assert.equal(trajectory.turns.length, messages.length, where)
    assert.equal(trajectory.calls.length, structured, where)
    assert.equal(trajectory.callsFromText, false, where)
    assert.ok(path.includes(`/${trajectory.harness}/`), where)
    assert.equal(trajectory.flags.invalidArguments, 0, where)
    const observations = messages.filter(({ role }) => role === 'tool').length
    const answered = trajectory.calls.filter((call) => call.answeredBy !== null).length
    assert.equal(answered + trajectory.flags.orphanObservations, observations, where)
    for (const call of trajectory.calls)
      if (call.answeredBy !== null) assert.ok(call.answeredBy > call.message, where)
    if (trajectory.harness === 'minisweagent')
      for (const turn of trajectory.turns)
        if (turn.kind === 'feedback') assert.notEqual(turn.exitCode, null, where)

    const recorded = row.metadata.model_patch.patch
    assert.equal(trajectory.finalPatch.patch, recorded || null, where)
    const use = analyseToolUse(trajectory)
    assert.equal(
      Object.values(use.callsPerAction).reduce((sum, count) => sum + count, 0),
      structured,
      where,
    )
    assert.ok(use.callsPerAction.read + use.callsPerAction.search > 0, where)
    assert.ok(use.errorObservations <= answered && use.recoveries <= use.errorObservations, where)
    harnesses[trajectory.harness] = (harnesses[trajectory.harness] ?? 0) + 1
    ends[trajectory.end] = (ends[trajectory.end] ?? 0) + 1
    if (trajectory.finalPatch.patch === null) withoutPatch++
    if (use.testRuns > 0) tested++
  }
  assert.deepEqual(harnesses, { minisweagent: 48, openhands: 3, sweagent: 24 })
  assert.deepEqual(ends, { submitted: 64, finished: 2, cut_off: 9 })
  assert.equal(withoutPatch, 6)
  assert.ok(tested >= 50)
})

test('in recorded runs of mini-swe-agent an observation answers the call right before it', {
  skip,
}, async () => {
  for await (const { row } of recordedRows()) {
    const { harness, turns, calls } = parseTrajectory(row, { path: '' })
    if (harness !== 'minisweagent') continue
    for (const turn of turns)
      if (turn.kind === 'feedback')
        assert.equal(calls[turn.call]?.message, turn.message - 1, `${row.instance_id}`)
  }
})
