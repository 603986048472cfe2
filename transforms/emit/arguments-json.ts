import { portableObject } from './portable-object.ts'
import type { TrainingCall } from './training-messages.ts'

/**
 * Arguments as JSON: the recorded object, none at all the empty object. What is not an object, or is one that readers
 * would change, is the recorded text as a string.
 */
export function argumentsJson({ arguments: recorded, value }: TrainingCall): string {
  return recorded === '' ? '{}' : (portableObject(recorded, value) ?? JSON.stringify(recorded))
}
