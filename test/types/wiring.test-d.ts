/**
 * Checked by the compiler alone: a wrong wiring is an error at the step that does not fit, and types flow without
 * annotations.
 */
import { z } from 'zod'
import {
  combineBy,
  combineGlobally,
  combinePerKey,
  create,
  defineFilter,
  defineTransform,
  filter,
  flatten,
  map,
  type Output,
  outcomes,
  type PCollection,
  Pipeline,
  parDo,
  tag,
} from '../../pipeline/index.ts'
import {
  addSquare,
  keepEven,
  type NumberRow,
  numbers,
  sumOf,
  writeLines,
} from '../pipeline/fixtures/numbers.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function expectType<T>(): <U>(value: U, same: Equal<T, U>) => void

const pipeline = new Pipeline()
const rows = pipeline.apply(numbers({ count: 3 }))
const words = pipeline.apply(create(['a', 'b']))

// types flow from the receiver
expectType<PCollection<NumberRow>>()(rows, true)
expectType<PCollection<string>>()(words, true)
expectType<PCollection<number>>()(words.apply(map((word) => word.length)), true)
rows.apply(addSquare({})).apply(map(({ n, square, id }) => [n.toFixed(), square.toFixed(), id.length]))

// a step that reads what is not there does not fit
// @ts-expect-error numbers have no square before addSquare
rows.apply(map((row) => row.square))
// @ts-expect-error words are no rows
words.apply(addSquare({}))
// @ts-expect-error words are no rows
words.apply(keepEven({}))
// @ts-expect-error a filter over numbers can't take words
words.apply(filter((n: number) => n > 1))
// @ts-expect-error the sum is of rows
words.apply(combineGlobally(sumOf({ of: 'n' })) satisfies (input: PCollection<number>) => unknown)
// @ts-expect-error per key takes pairs
words.apply(combinePerKey(sumOf({ of: 'n' })))
// @ts-expect-error there is no column of that name
rows.apply(combineBy('colour', sumOf({ of: 'n' })))
// @ts-expect-error collections of one flatten have one type
flatten([rows, words])
// @ts-expect-error sources apply to a pipeline
rows.apply(numbers({ count: 3 }))
// @ts-expect-error options are checked
addSquare({ failOn: 'three' })
// @ts-expect-error an unknown option
writeLines({ path: 'x' })

// tags are typed and reserved names refused
const big = tag<number>()('big')
const { output, big: bigs } = rows.apply(
  parDo(
    {
      process(row: NumberRow, out: Output<NumberRow, string, { big: number }>) {
        out.emit(row.id)
        out.to('big', row.n)
        // @ts-expect-error big takes numbers
        out.to('big', row.id)
        // @ts-expect-error there is no such tag
        out.to('small', row.n)
      },
    },
    [big],
  ),
)
output.apply(map((id: string) => id))
bigs.apply(map((n: number) => n))
// @ts-expect-error dropped is every DoFn's own
tag<number>()('dropped')

// what a transform reads and adds is what it says
defineTransform({
  module: import.meta.url,
  name: 'half',
  options: z.object({}),
  reads: ['n'],
  // @ts-expect-error the column that row() returns is not declared
  adds: {},
  open: () => ({ row: ({ n }: NumberRow) => ({ half: n / 2 }) }),
})
defineFilter({
  module: import.meta.url,
  name: 'positive',
  options: z.object({ least: z.number() }),
  reads: ['n'],
  open:
    ({ least }) =>
    // @ts-expect-error a refusal says what was measured and what would have passed
    (row: NumberRow) =>
      row.n > least ? null : { reason: 'small' },
})

// outcomes keep the row's type; failed rows have their record
const { kept, failed } = rows.apply(addSquare({})).apply(outcomes)
kept.apply(map(({ square }) => square))
failed.apply(map(({ error_field, error }) => `${error_field}${error}`))
// @ts-expect-error nothing was measured of a failed row
failed.apply(map(({ square }) => square))
