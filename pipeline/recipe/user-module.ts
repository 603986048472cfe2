import { isBuiltin, registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { closestWord } from '../closest-word.ts'
import { UsageError } from '../errors.ts'
import type { PCollection, PTransform } from '../graph/pipeline.ts'
import type { AddedSpec } from '../graph/step.ts'
import { importModule } from '../worker/load.ts'
import { importFailure, type LoadFailure, packageFailure } from './load-failure.ts'
import { optionProblems } from './option-problems.ts'
import type { UserModule } from './recipe.ts'
import type { Problem, ValuePath } from './schema-problems.ts'

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

/** A module that a recipe names and that can't be used, with everything that is wrong with it. */
export class ModuleError extends UsageError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], options: { cause?: unknown } = {}) {
    super(problems.map(({ message }) => message).join('\n'), options)
    this.problems = problems
  }
}

export interface LoadModuleOptions {
  readonly kind: ModuleKind
  /** where the recipe lies */
  readonly folder: string
  /** the item in the recipe, for what is wrong with it */
  readonly path: ValuePath
}

/**
 * Loads what a recipe's `use` names, from the recipe's folder, and checks its options by its own schema. Throws
 * ModuleError when there is no such module, no such export, or the options don't fit.
 */
export async function loadUserModule(item: UserModule, options: LoadModuleOptions): Promise<LoadedModule> {
  const exported = await importFrom(item.use, options)
  const factory = chooseFactory(item, exported, options)
  const { options: schema, adds = {} } = factory.definition
  const { error } = schema.safeParse(item.options)
  if (error)
    throw new ModuleError(
      optionProblems(item.options, { schema, error, path: [...options.path, 'options'] }),
      { cause: error },
    )
  return { apply: factory(item.options), definition: { adds } }
}

type Exports = Readonly<Record<string, unknown>>

async function importFrom(use: string, { folder, path: item }: LoadModuleOptions): Promise<Exports> {
  const failed = ({ message, suggestion }: LoadFailure, cause?: unknown) =>
    new ModuleError([{ path: [...item, 'use'], at: 'value', message, suggestion }], { cause })
  if (isBuiltin(use)) throw failed({ message: `'${use}' is a part of Node`, suggestion: null })
  let url: string
  try {
    url = path.isAbsolute(use) ? pathToFileURL(use).href : resolveFrom(folder, use)
  } catch (cause) {
    throw failed(packageFailure(use, folder, cause), cause)
  }
  try {
    return await importModule(url)
  } catch (cause) {
    throw failed(importFailure(use, url, cause), cause)
  }
}

/** The URL that an import in a module of that folder would load. */
function resolveFrom(folder: string, specifier: string): string {
  const parentURL = pathToFileURL(path.join(folder, 'recipe.yaml')).href
  // `import.meta.resolve` takes its parent only behind a flag of Node's.
  const hooks = registerHooks({
    resolve: (wanted, context, next) => next(wanted, { ...context, parentURL }),
  })
  try {
    return import.meta.resolve(specifier)
  } finally {
    hooks.deregister()
  }
}

function chooseFactory(
  { use, export: wanted }: UserModule,
  exported: Exports,
  { kind, path: item }: LoadModuleOptions,
): Factory {
  const factories = Object.entries(exported).filter(
    (entry): entry is [string, Factory] => kindOf(entry[1]) === kind,
  )
  if (wanted !== undefined) {
    const named = factories.find(([name]) => name === wanted)
    if (named) return named[1]
    throw new ModuleError([
      {
        path: [...item, 'export'],
        at: 'value',
        message: `'${use}' exports no ${kind} '${wanted}'; it exports ${listed(exported)}`,
        suggestion: closestWord(
          wanted,
          factories.map(([name]) => name),
        ),
      },
    ])
  }
  const distinct = new Set(factories.map(([, factory]) => factory))
  if (distinct.size === 1) return factories[0]![1]
  const message =
    distinct.size === 0
      ? `'${use}' exports no ${kind}; it exports ${listed(exported)}: export what ${DEFINED_BY[kind]} returns`
      : `'${use}' exports several ${kind}s: say with 'export' which of ${factories.map(([name]) => name).join(', ')}`
  throw new ModuleError([{ path: [...item, 'use'], at: 'value', message, suggestion: null }])
}

const DEFINED_BY: Readonly<Record<ModuleKind, string>> = {
  transform: 'defineTransform',
  filter: 'defineFilter',
  sink: 'defineSink',
}

function kindOf(value: unknown): ModuleKind | undefined {
  return typeof value === 'function' ? (value as Partial<Factory>).definition?.kind : undefined
}

/** `keepShort (a filter), limit` */
function listed(exported: Exports): string {
  const names = Object.entries(exported).map(([name, value]) => {
    const kind = kindOf(value)
    return kind === undefined ? name : `${name} (a ${kind})`
  })
  return names.length === 0 ? 'nothing' : names.join(', ')
}
