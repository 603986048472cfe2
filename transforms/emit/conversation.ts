import type { ByteWriter } from '../../pipeline/graph/byte-writer.ts'
import type { TraceRow, Trajectory } from '../trajectory.ts'
import { messageTexts } from './message-texts.ts'
import type { Profile } from './profile.ts'
import { PROVENANCE_READS, writeProvenance } from './provenance.ts'
import { toolDefinitions } from './tool-definitions.ts'
import { trainingMessages } from './training-messages.ts'
import { writeMessages } from './write-messages.ts'

/** A row that can be written: parsing has put the trajectory beside it. */
export interface ParsedRow extends TraceRow {
  readonly trajectory: Trajectory
}

interface ConversationOptions {
  /** Writes the value of `tools`, given the definitions as a JSON array, or null when the row has none. */
  writeTools(definitions: string | null, writer: ByteWriter): void
  /** what stands for a text of the provenance that is not known */
  readonly unknown: '' | null
}

/**
 * Profiles of the form `{messages, tools, …provenance, cut_messages}`. `cut_messages` is how many messages after
 * the agent's last were left out.
 */
export function conversation({ writeTools, unknown }: ConversationOptions): Profile {
  return {
    reads: ['trajectory', 'messages.content', 'messages.reasoning_content', 'tools', ...PROVENANCE_READS],
    encode(batch, row, writer) {
      const parsed = batch.row(row) as ParsedRow
      const { trajectory } = parsed
      const messages = trainingMessages(trajectory)
      writer.literal('{"messages":')
      writeMessages(messages, messageTexts(batch, row), writer)
      writer.literal(',"tools":')
      writeTools(toolDefinitions(parsed), writer)
      writeProvenance(batch, row, trajectory, writer, { unknown })
      writer.literal(`,"cut_messages":${trajectory.turns.length - messages.length}}\n`)
    },
  }
}
