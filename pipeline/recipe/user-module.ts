import { isBuiltin } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { UsageError } from '../errors.ts'
import type { PCollection, PTransform } from '../graph/pipeline.ts'
import type { AddedSpec } from '../graph/step.ts'
import type { UserModule } from './recipe.ts'

/** A user's transform, filter or sink, given its options. What it takes and makes is known to its module alone. */
export type UserTransform = PTransform<PCollection<never>, unknown>

/** A loaded module's transform, and the definition it came from. */
export interface LoadedModule {
  readonly apply: UserTransform
  readonly definition: { readonly adds: Readonly<Record<string, AddedSpec>> }
}

interface Factory {
  (options: unknown): UserTransform
  readonly definition: {
    readonly name: string
    readonly options: z.ZodType
    /** what a transform or filter adds; sinks have none */
    readonly adds?: Readonly<Record<string, AddedSpec>>
    readonly kind: ModuleKind
  }
}

/** What a recipe can ask of a module. */
export type ModuleKind = 'transform' | 'filter' | 'sink'

/**
 * Loads what a recipe's `use` names, from the recipe's folder, and checks its options by its own schema. Throws
 * UsageError when there is no such module, no such export, or the options don't fit.
 */
export async function loadUserModule(
  item: UserModule,
  kind: ModuleKind,
  folder: string,
): Promise<LoadedModule> {
  const factory = await findFactory(item, kind, folder)
  const checked = factory.definition.options.safeParse(item.options)
  if (!checked.success)
    throw new UsageError(`options of '${item.use}' don't fit:\n${z.prettifyError(checked.error)}`)
  return { apply: factory(item.options), definition: { adds: factory.definition.adds ?? {} } }
}

async function findFactory(item: UserModule, kind: ModuleKind, folder: string): Promise<Factory> {
  const exported = await importFrom(item.use, folder)
  const factories = Object.entries(exported).filter((entry): entry is [string, Factory] =>
    isFactory(entry[1], kind),
  )
  if (item.export !== undefined) {
    const named = factories.find(([name]) => name === item.export)
    if (named) return named[1]
    throw new UsageError(`'${item.use}' has no ${kind} '${item.export}'${listed(factories)}`)
  }
  const distinct = new Set(factories.map(([, factory]) => factory))
  if (distinct.size === 1) return factories[0]![1]
  throw new UsageError(
    distinct.size === 0
      ? `'${item.use}' exports no ${kind}: export what define${kind === 'sink' ? 'Sink' : kind === 'filter' ? 'Filter' : 'Transform'} returns`
      : `'${item.use}' exports several ${kind}s: say which with 'export'${listed(factories)}`,
  )
}

async function importFrom(use: string, folder: string): Promise<Record<string, unknown>> {
  const isPath = use.startsWith('.') || path.isAbsolute(use)
  const base = pathToFileURL(path.join(folder, 'recipe.yaml'))
  try {
    if (isBuiltin(use)) throw new Error('it is a part of Node')
    const url = isPath ? pathToFileURL(path.resolve(folder, use)).href : import.meta.resolve(use, base)
    return await import(url)
  } catch (cause) {
    throw new UsageError(`can't load '${use}' from ${folder}: ${(cause as Error).message}`, { cause })
  }
}

function isFactory(value: unknown, kind: ModuleKind): boolean {
  const { definition } = (value ?? {}) as Partial<Factory>
  return typeof value === 'function' && definition !== undefined && definition.kind === kind
}

function listed(factories: readonly [string, Factory][]): string {
  return factories.length === 0 ? '' : `; it has ${factories.map(([name]) => name).join(', ')}`
}
