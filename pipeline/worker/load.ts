import { PlanError } from '../errors.ts'
import type { Ref } from '../graph/ref.ts'

/** The definition that a Ref names. Throws PlanError when its module can't be loaded or does not export it. */
export async function loadDefinition<Definition>(ref: Ref): Promise<Definition> {
  let module: Record<string, { definition?: Definition } | undefined>
  try {
    module = await import(ref.module)
  } catch (cause) {
    throw new PlanError(`can't load '${ref.name}' from ${ref.module}: ${(cause as Error).message}`, { cause })
  }
  const definition = (module[ref.name] ?? module.default)?.definition
  if (definition === undefined)
    throw new PlanError(
      `${ref.module} does not export '${ref.name}': export what the define function returned under the name it was given`,
    )
  return definition
}
