import type { Role } from '../trajectory.ts'
import { RowError } from './row-error.ts'

/** The names that datasets and harnesses give the four roles. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['ai', 'assistant'],
  ['gpt', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['environment', 'tool'],
])

/**
 * The role of message `index`.
 * @throws RowError on `messages[index].role` where it is missing or no role that we know
 */
export function readRole(role: string | null | undefined, index: number): Role {
  const known = role ? ROLES.get(role) : undefined
  if (known) return known
  const found = role ? JSON.stringify(role.slice(0, 40)) : 'missing'
  throw new RowError(`messages[${index}].role`, found, [...ROLES.keys()].join(', '))
}
