import { existsSync } from 'node:fs'
import path from 'node:path'
import type { CommandModule } from 'yargs'
import { UsageError } from '../errors.ts'
import { type Arguments, refuseMore, withFlags } from './flags.ts'
import { openScreen } from './screen.ts'

/** `sluice explain`: what became of one trajectory in a finished run. */
export const explainCommand: CommandModule = {
  command: 'explain <dir> <trajectory_id>',
  describe: 'say what became of a trajectory in a finished run, and why',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('dir', { type: 'string', describe: 'output folder of a finished run' })
        .positional('trajectory_id', {
          type: 'string',
          describe: 'the id, or a beginning that no other id has',
        })
        .example('sluice explain out 3f2a', 'by the beginning of the id'),
      {},
    ),
  handler: async (argv) => {
    const given = argv as unknown as Arguments
    refuseMore(given, 'explain takes a folder and an id')
    const [{ FinishedRun }, { explain }, { drawExplanation }] = await Promise.all([
      import('./finished-run.ts'),
      import('./explanation.ts'),
      import('./draw-explanation.ts'),
    ])
    const directory = path.resolve(String(given.dir))
    if (!existsSync(path.join(directory, 'manifest.json')))
      throw new UsageError(`there is no finished run in ${given.dir}: explain wants the output folder of one`)
    const run = new FinishedRun(directory)
    const screen = openScreen(process.stdout)
    const found = await explain(run, String(given.trajectory_id))
    screen.write(found.map((one) => drawExplanation(one, screen)).join('\n'))
  },
}
