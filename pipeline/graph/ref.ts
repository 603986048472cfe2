/**
 * Names a piece of code so that any thread can find it: the export of a module, with options that survive
 * structured clone. Closures never travel.
 */
export interface Ref {
  /** URL of the module */
  readonly module: string
  /** name of the export, a definition made by one of the `define…` functions */
  readonly name: string
  readonly options: unknown
}
