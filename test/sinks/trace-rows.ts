import type { ParsedRow } from '../../transforms/emit/conversation.ts'
import { parseTrajectory } from '../../transforms/parse/parse-trajectory.ts'
import { agent, bash, call, row, system, tool, user } from '../transforms/parse/rows.ts'

/** Small parsed rows, each different from the others. */
export const PARSED_ROWS: readonly ParsedRow[] = [1, 2, 3, 4, 5].map((number) => {
  const trace = row(
    [
      system('You are careful.'),
      user(`Fix bug ${number}: “ü” and \u{1f600}.`),
      ...Array.from({ length: number }, () => [agent('Look.', bash('ls')), tool('a.py\nb.py')]).flat(),
      agent('Done.', call('submit', {})),
    ],
    { trajectory_id: `trajectory-${number}`, repo: 'a/b', resolved: number % 2 },
  )
  return { ...trace, trajectory: parseTrajectory(trace, { path: 'rows.parquet' }) }
})
