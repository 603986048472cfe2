import type { Batch } from '../../pipeline/batch/batch.ts'
import { list, number, string, struct } from '../../pipeline/batch/schema.ts'
import type { TraceRow, Trajectory } from '../trajectory.ts'
import { MESSAGES, messageRecords } from './message-records.ts'
import { messageTexts } from './message-texts.ts'
import type { Profile } from './profile.ts'
import { PROVENANCE, PROVENANCE_READS, provenance } from './provenance.ts'
import { toolDefinitions } from './tool-definitions.ts'
import { trainingMessages } from './training-messages.ts'
import { writeMessages } from './write-messages.ts'

/** A row that can be written: parsing has put the trajectory beside it. */
export interface ParsedRow extends TraceRow {
  readonly trajectory: Trajectory
}

interface ConversationOptions {
  /** `tools` as a list of definitions, empty without any; or as the JSON text of that list, `null` without any */
  readonly tools: 'list' | 'text'
  /** what stands for a text of the provenance that is not known */
  readonly unknown: '' | null
}

/**
 * Profiles of the form `{messages, tools, …provenance, cut_messages}`. `cut_messages` is how many messages after
 * the agent's last were left out.
 */
export function conversation({ tools, unknown }: ConversationOptions): Profile {
  const partsOf = (batch: Batch, row: number) => {
    const parsed = batch.row(row) as ParsedRow
    const { trajectory } = parsed
    const messages = trainingMessages(trajectory)
    const definitions = toolDefinitions(parsed)
    return {
      messages,
      texts: messageTexts(batch, row),
      definitions,
      toolsText: tools === 'text' && definitions.length === 0 ? 'null' : `[${definitions.join(',')}]`,
      origin: provenance(batch, row, trajectory, unknown),
      cutMessages: trajectory.turns.length - messages.length,
    }
  }
  return {
    reads: ['trajectory', 'messages.content', 'messages.reasoning_content', 'tools', ...PROVENANCE_READS],
    writeLine(batch, row, writer) {
      const { messages, texts, toolsText, origin, cutMessages } = partsOf(batch, row)
      writer.literal('{"messages":')
      writeMessages(messages, texts, writer)
      writer.literal(',"tools":')
      if (tools === 'list') writer.text(toolsText)
      else writer.json(toolsText)
      for (const [name, cell] of Object.entries(origin)) {
        writer.literal(`,"${name}":`)
        writer.json(cell)
      }
      writer.literal(`,"cut_messages":${cutMessages}}\n`)
    },
    schema: struct({
      messages: MESSAGES,
      tools: tools === 'list' ? list(string({ json: true })) : string(),
      ...PROVENANCE,
      cut_messages: number(),
    }),
    record(batch, row) {
      const { messages, texts, definitions, toolsText, origin, cutMessages } = partsOf(batch, row)
      return {
        messages: messageRecords(messages, texts),
        tools: tools === 'list' ? definitions : toolsText,
        ...origin,
        cut_messages: cutMessages,
      }
    },
  }
}
