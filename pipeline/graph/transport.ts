import * as errors from '../errors.ts'

/** An error as plain data: class, code and fields do not survive the crossing between threads. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly where: errors.Where | undefined
  readonly cause: string | undefined
  /** what the operating system refused, and how */
  readonly system: { readonly code: string; readonly syscall: string } | undefined
}

/** The answer of a task: its value, or the error it threw. */
export type Answer<T> = { readonly value: T } | { readonly error: PlainError }

const CLASSES = {
  PlanError: errors.PlanError,
  UsageError: errors.UsageError,
  SourceError: errors.SourceError,
  StepError: errors.StepError,
  CancelledError: errors.CancelledError,
} as const

export async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error: plain(error) }
  }
}

function plain(error: unknown): PlainError {
  if (!(error instanceof Error))
    return {
      name: 'Error',
      message: String(error),
      stack: undefined,
      where: undefined,
      cause: undefined,
      system: undefined,
    }
  return {
    name: nameOf(error),
    message: error.message,
    stack: error.stack,
    where: error instanceof errors.SluiceError ? error.where : undefined,
    cause: error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : undefined,
    system:
      'syscall' in error && 'code' in error
        ? { code: String(error.code), syscall: String(error.syscall) }
        : undefined,
  }
}

/** The class that the error is thrown anew as: a source may have classes of its own that extend ours. */
function nameOf(error: Error): string {
  const known = Object.entries(CLASSES).find(([, Class]) => error instanceof Class)
  return known ? known[0] : error.name
}

/** The value, or the error thrown anew as what it was. */
export function unwrap<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value
  const { name, message, where, stack, cause, system } = answer.error
  const Class = CLASSES[name as keyof typeof CLASSES]
  const options = { ...(where && { where }), cause: cause ?? stack }
  const error = Class
    ? new Class(message, options)
    : Object.assign(new Error(message, { cause }), { name, ...system })
  if (stack) error.stack = stack
  throw error
}
