import type { FileColumn, Shape, ShapeColumns } from './inspection.ts'

/** Puts files of one schema together, and adds up what their columns take. */
export class ShapeGroups {
  readonly #groups = new Map<string, { at: number; files: string[]; bytes: number; columns: ShapeColumns }>()

  /** Returns the position of the file's shape. */
  add(file: string, bytes: number, columns: ShapeColumns): number {
    const key = JSON.stringify(columns, (name, value) => (name === 'bytes' ? undefined : value))
    const group = this.#groups.get(key)
    if (!group) {
      this.#groups.set(key, { at: this.#groups.size, files: [file], bytes, columns })
      return this.#groups.size - 1
    }
    group.files.push(file)
    group.bytes += bytes
    group.columns = {
      ...columns,
      fields: added(group.columns.fields, columns.fields),
      unused: added(group.columns.unused, columns.unused),
    }
    return group.at
  }

  list(): Shape[] {
    return [...this.#groups.values()].map(({ files, bytes, columns }) => ({ ...columns, files, bytes }))
  }
}

/** The same columns, with the bytes of both. */
function added<Column extends FileColumn>(some: readonly Column[], more: readonly Column[]): Column[] {
  return some.map((column, at) => ({
    ...column,
    bytes: column.bytes === null ? null : column.bytes + (more[at]!.bytes ?? 0),
  }))
}
