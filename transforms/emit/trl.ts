import { conversation } from './conversation.ts'
import type { Profile } from './profile.ts'

/**
 * Rows for TRL's SFTTrainer (1.16), loaded by `datasets.load_dataset('json')` (4.7 or later, which TRL requires).
 * It is the canonical form but for two things, because that loader types a column by the first 10 MB it sees:
 *
 * - `tools` is a JSON string, which the trainer parses. As objects, definitions that differ from the first ones
 *   fail to load. A row without tools has `"null"`, which parses to None: chat templates announce tools for an
 *   empty list.
 * - Texts that are not known are empty rather than null: a column that starts with nulls refuses later texts.
 *
 * Arguments are objects, as chat templates expect. The loader keeps them as they are, because messages have
 * different members and so become its Json type; before 4.7 it filled None into arguments that differ.
 */
export const trl: Profile = conversation({ tools: 'text', unknown: '' })
