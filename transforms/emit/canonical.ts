import { conversation } from './conversation.ts'
import type { Profile } from './profile.ts'

/**
 * The neutral form that other profiles are derived from: OpenAI's messages with arguments as objects and
 * reasoning in a field of its own, `tools` as a list of definitions, and provenance beside them.
 */
export const canonical: Profile = conversation({ tools: 'list', unknown: null })
