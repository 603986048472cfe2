import { leafPaths, type Struct } from '../batch/schema.ts'

/** Every dotted path of a schema that names a leaf or a subtree. */
export function memberPaths(schema: Struct): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const { path } of leafPaths(schema)) {
    const names = path.split('.')
    for (const at of names.keys()) paths.add(names.slice(0, at + 1).join('.'))
  }
  return paths
}
