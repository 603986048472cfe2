import path from 'node:path'
import type { CommandModule } from 'yargs'
import type { PushWishes } from '../../sinks/hub/push-target.ts'
import { CancelledError } from '../errors.ts'
import { type Arguments, refuseMore, withFlags } from './flags.ts'
import { Interrupt } from './interrupt.ts'
import { openScreen } from './screen.ts'

/** `sluice push`: the output of a finished run as a dataset on the Hugging Face Hub. */
export const pushCommand: CommandModule = {
  command: 'push <dir> <dataset>',
  describe: 'push the output of a finished run to the Hugging Face Hub, as one commit',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('dir', { type: 'string', describe: 'output folder of a finished run' })
        .positional('dataset', { type: 'string', describe: 'OWNER/NAME on the Hub' })
        .example('sluice push out OWNER/NAME --dry-run', 'what would be pushed, and the card')
        .example('sluice push out OWNER/NAME --create --private', 'to a repository that only you see')
        .epilogue(
          'Pushed are data/, analysis/, ledger/ and manifest.json, each file as the manifest says it is, and the README.md of the folder, else a dataset card made from the manifest. A card on the Hub that somebody wrote by hand stays. What an earlier push left and this output does not have is taken out by the same commit. The token is HF_TOKEN, as for huggingface_hub, and has to be one that may write.',
        ),
      ownFlags,
    ),
  handler: (argv) => push(argv as unknown as Arguments),
}

const ownFlags = {
  revision: { nargs: 1, requiresArg: true, describe: 'branch to push to (main)' },
  create: { boolean: true, describe: 'make the repository, and the branch, where there is none' },
  private: {
    boolean: true,
    describe: 'make it a private one, and refuse one that is public',
  },
  message: { nargs: 1, requiresArg: true, describe: 'message of the commit' },
  'with-failed': {
    boolean: true,
    describe: 'also push failed/, the rows that could not be read: nobody has looked at what is in them',
  },
  'dry-run': { boolean: true, describe: 'say what would be pushed, with the card, and push nothing' },
}

async function push(argv: Arguments): Promise<void> {
  refuseMore(argv, 'push takes a folder and a dataset')
  const [{ planPush, pushOutput }, { drawPushPlan, drawPushed }] = await Promise.all([
    import('./push-output.ts'),
    import('./draw-push.ts'),
  ])
  const wishes = wishesOf(argv)
  const directory = path.resolve(String(argv.dir))
  const notes = openScreen(process.stderr)
  const screen = openScreen(process.stdout)
  const interrupt = new Interrupt((caught) =>
    notes.write(`${caught}: the push stops; once more to stop at once\n`),
  )
  const { signal } = interrupt
  try {
    if (argv['dry-run']) screen.write(drawPushPlan(await planPush(directory, wishes, signal), screen))
    else screen.write(drawPushed(await pushOutput(directory, wishes, { signal, notes }), screen))
  } catch (error) {
    if (interrupt.caught === null) throw error
    throw new CancelledError(
      `stopped by ${interrupt.caught}: what was not yet pushed as a whole was not pushed`,
      {
        cause: interrupt.caught,
      },
    )
  } finally {
    interrupt.stop()
  }
}

/** The flags of a push among a command's arguments. */
function wishesOf(argv: Arguments): PushWishes {
  const textOf = (name: string) => (argv[name] === undefined ? undefined : String(argv[name]))
  return {
    to: String(argv.dataset),
    revision: textOf('revision'),
    create: argv.create === true,
    private: argv.private === true,
    message: textOf('message'),
    withFailed: argv['with-failed'] === true,
  }
}
