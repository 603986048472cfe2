import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { defineSink, type Receipt, type SinkBundle, type SinkWriter } from 'trace-sluice'
import { z } from 'zod'

const COLUMNS = ['trajectory_id', 'language', 'tokens', 'turns']

const options = z.strictObject({
  /** relative to the output directory */
  file: z.string().default('trajectories.sqlite'),
  table: z
    .string()
    .regex(/^[a-z_]+$/i)
    .default('trajectories'),
})

/** Some columns of the kept rows in a table of an SQLite database. */
export const writeSqlite = defineSink({
  module: import.meta.url,
  name: 'writeSqlite',
  options,
  columns: () => COLUMNS,
  async open({ file, table }, { directory }) {
    const target = path.join(directory, file)
    const temporary = path.join(path.dirname(target), `.${path.basename(target)}.part`)
    await mkdir(path.dirname(target), { recursive: true })
    await rm(temporary, { force: true })
    return new SqliteTable(file, target, temporary, table)
  },
})

/** One transaction in a hidden database, which gets its name when the transaction is on the disk. */
class SqliteTable implements SinkWriter {
  readonly #file: string
  readonly #target: string
  readonly #temporary: string
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  #rows = 0

  constructor(file: string, target: string, temporary: string, table: string) {
    this.#file = file
    this.#target = target
    this.#temporary = temporary
    this.#database = new DatabaseSync(temporary)
    this.#database.exec(`
      PRAGMA journal_mode = MEMORY;
      BEGIN;
      CREATE TABLE ${table} (trajectory_id TEXT, language TEXT, tokens INTEGER, turns INTEGER);
    `)
    this.#insert = this.#database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?)`)
  }

  async write(bundle: SinkBundle): Promise<void> {
    const columns = COLUMNS.map((name) => bundle.column(name))
    for (let row = 0; row < bundle.rows; row++)
      this.#insert.run(...columns.map((cells) => (cells[row] ?? null) as string | number | null))
    this.#rows += bundle.rows
  }

  async commit(): Promise<readonly Receipt[]> {
    this.#database.exec('COMMIT')
    this.#database.close()
    const bytes = await readFile(this.#temporary)
    await rename(this.#temporary, this.#target)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return [{ path: this.#file, rows: this.#rows, bytes: bytes.length, sha256 }]
  }

  async abort(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
    await rm(this.#temporary, { force: true })
  }
}
