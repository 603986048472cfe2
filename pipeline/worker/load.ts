import { registerHooks } from 'node:module'
import { PlanError } from '../errors.ts'
import type { Ref } from '../graph/ref.ts'

/** What every module of a user's imports: ourselves with our entries, and the zod that options are described in. */
const LENT = /^(trace-sluice|zod)(\/|$)/

// A recipe and its modules may lie where nobody ran npm install: what is not found from there is found from here.
// Hooks are a thread's own, so they stand beside the one import that every thread loads definitions with.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context)
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
      if (!isMissing || !LENT.test(specifier)) throw error
      return next(specifier, { ...context, parentURL: import.meta.url })
    }
  },
})

/** Imports a module that we did not write. Rejects with what Node throws. */
export function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  return import(url)
}

/** The definition that a Ref names. Throws PlanError when its module can't be loaded or does not export it. */
export async function loadDefinition<Definition>(ref: Ref): Promise<Definition> {
  let module: Readonly<Record<string, unknown>>
  try {
    module = await importModule(ref.module)
  } catch (cause) {
    throw new PlanError(`can't load '${ref.name}' from ${ref.module}: ${(cause as Error).message}`, { cause })
  }
  const exported = (module[ref.name] ?? module.default) as { definition?: Definition } | undefined
  if (exported?.definition === undefined)
    throw new PlanError(
      `${ref.module} does not export '${ref.name}': export what the define function returned under the name it was given`,
    )
  return exported.definition
}
