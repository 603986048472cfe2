import type { Batch } from '../../pipeline/batch/batch.ts'
import type { Failure } from '../../pipeline/batch/outcome.ts'
import { project } from '../../pipeline/batch/schema.ts'
import { normaliseLanguage } from '../../transforms/patch/language.ts'
import { countLabels, type LabelCount } from '../../transforms/report/count-labels.ts'
import { traceSchema } from '../../transforms/trace-schema.ts'
import type { NamedRows, RowTally } from './inspection.ts'

/** What is read of every row: columns of a few bytes a row. */
export const TALLIED = project(traceSchema, ['language', 'resolved', 'metadata.teacher_model.name'])

const labels = countLabels.definition.open({})

/** Counts rows by label, language and teacher model, as the steps of a run see them. */
export class RowCounter {
  #labels: LabelCount = labels.createAccumulator()
  readonly #languages = new NameCounter()
  readonly #teacherModels = new NameCounter()
  #unread = 0
  #firstFailure: string | null = null

  /** Of the rows that can't be read, the first, and why; null when all can. */
  get firstFailure(): string | null {
    return this.#firstFailure
  }

  add(batch: Batch): void {
    for (let row = 0; row < batch.length; row++) {
      const mark = batch.outcomes.of(row)
      if (mark) {
        this.#unread++
        if (mark.verdict === 'failed') this.#firstFailure ??= failureWords(batch.sourceRow(row), mark)
        continue
      }
      const resolved = batch.cell(row, 'resolved') as number | null
      const language = batch.cell(row, 'language') as string | null
      const passed = resolved === 1
      this.#labels = labels.addInput(this.#labels, { resolved })
      this.#languages.add(language ? normaliseLanguage(language) : null, passed)
      this.#teacherModels.add((batch.cell(row, 'metadata.teacher_model.name') as string) || null, passed)
    }
  }

  addUnread(rows: number): void {
    this.#unread += rows
  }

  addAll(tally: RowTally): void {
    this.#labels = labels.mergeAccumulators([this.#labels, tally.labels])
    this.#languages.addAll(tally.languages)
    this.#teacherModels.addAll(tally.teacherModels)
    this.#unread += tally.unread
  }

  tally(): RowTally {
    return {
      labels: this.#labels,
      languages: this.#languages.list(),
      teacherModels: this.#teacherModels.list(),
      unread: this.#unread,
    }
  }
}

function failureWords(row: number | null, { field, message }: Failure): string {
  return `row ${row}: ${field === '' ? '' : `${field}: `}${message.slice(0, MAX_MESSAGE_CHARACTERS)}`
}

const MAX_MESSAGE_CHARACTERS = 300

/** Names kept apart; a file could have one of its own in every row. */
const MAX_NAMES = 1000
const MAX_NAME_CHARACTERS = 200
/** What the others are put together under. */
const OTHERS = '(other names)'

class NameCounter {
  readonly #rows = new Map<string | null, { rows: number; passed: number }>()

  add(name: string | null, passed: boolean): void {
    this.#count(name, 1, passed ? 1 : 0)
  }

  addAll(names: readonly NamedRows[]): void {
    for (const { name, rows, passed } of names) this.#count(name, rows, passed)
  }

  list(): NamedRows[] {
    return [...this.#rows]
      .map(([name, { rows, passed }]) => ({ name, rows, passed }))
      .sort((one, other) => other.rows - one.rows || ((one.name ?? '') < (other.name ?? '') ? -1 : 1))
  }

  #count(name: string | null, rows: number, passed: number): void {
    const key = this.#rows.has(name) || this.#mayKeep(name) ? name : OTHERS
    const counted = this.#rows.get(key)
    if (counted) {
      counted.rows += rows
      counted.passed += passed
    } else this.#rows.set(key, { rows, passed })
  }

  #mayKeep(name: string | null): boolean {
    if (name === null || name === OTHERS) return true
    const kept = this.#rows.size - (this.#rows.has(OTHERS) ? 1 : 0)
    return kept < MAX_NAMES && name.length <= MAX_NAME_CHARACTERS
  }
}
