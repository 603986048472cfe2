import yargs, { type CommandModule } from 'yargs'
import { hideBin } from 'yargs/helpers'
import { closestWord } from '../closest-word.ts'
import { UsageError } from '../errors.ts'
import { PACKAGE } from '../package.ts'
import { benchCommand } from './bench.ts'
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts'
import { explainCommand } from './explain.ts'
import { type Arguments, refuseMore, withFlags } from './flags.ts'
import { graphCommand } from './graph.ts'
import { inspectCommand } from './inspect.ts'
import { pushCommand } from './push.ts'
import { reportError } from './report-error.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { openScreen } from './screen.ts'

const COMMANDS = ['run', 'inspect', 'graph', 'explain', 'push', 'bench', 'schema', 'completion']
/** Wider help is hard to read. */
const HELP_WIDTH = 100

// Not yargs's own `completion`, after which it runs the command without a name as well.
const completionCommand: CommandModule = {
  command: 'completion',
  describe: 'print a script that completes commands and flags in bash or zsh',
  builder: (yargs) => withFlags(yargs, {}),
  handler: (argv) => {
    refuseMore(argv as unknown as Arguments, 'completion takes no arguments')
    cli.showCompletionScript()
  },
}

const exitCodes = Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)

// Whoever reads our output may stop reading: that is no error, and what is being done goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  reportError(error, openScreen(process.stderr), false)
  process.exitCode = exitCodeOf(error)
})

const cli = yargs(hideBin(process.argv))
cli
  .scriptName('sluice')
  .locale('en')
  .parserConfiguration({
    'camel-case-expansion': false,
    'dot-notation': false,
    'parse-numbers': false,
    'parse-positional-numbers': false,
  })
  .usage('Washes agent traces into training data.\n\nsluice <command>')
  .command(runCommand)
  .command(inspectCommand)
  .command(graphCommand)
  .command(explainCommand)
  .command(pushCommand)
  .command(benchCommand)
  .command(schemaCommand)
  .command(completionCommand)
  .command('$0', false, (builder) => withFlags(builder, {}), withoutCommand)
  .option('verbose', { boolean: true, describe: 'say where an error was thrown', global: true })
  .help('help', 'show this')
  .alias('h', 'help')
  .version('version', 'show the version', PACKAGE.version)
  .nargs({ verbose: 0, help: 0, version: 0 })
  .example('sluice run --from data --out out --resolved passed --max-tokens 32000', 'two filters, no recipe')
  .example('sluice run recipe.yaml --dry-run', 'what the recipe would read, do and write')
  .example('sluice inspect data', 'what there is to read, before a run')
  .example('sluice graph recipe.yaml --mermaid', 'the dataflow as a picture')
  .example('sluice explain out 3f2a', 'what became of a trajectory')
  .example('sluice push out OWNER/NAME', 'the output as a dataset on the Hugging Face Hub')
  .example('sluice bench recipe.yaml', 'what each step takes, and what bounds it')
  .epilogue(
    `Exit codes\n${exitCodes.join('\n')}\n\nNO_COLOR takes the colours away. SLUICE_DEBUG=1 is --verbose.`,
  )
  .wrap(Math.min(HELP_WIDTH, cli.terminalWidth() || HELP_WIDTH))
  .exitProcess(false)
  .showHelpOnFail(false)
  .updateStrings({
    'Not enough arguments following: %s': '--%s needs a value',
    'Argument unexpected for: %s':
      '--%s takes no value: give it or leave it out, or switch it off by --no- before its name',
  })
  .fail((message, error) => {
    if (error && error.name !== 'YError') throw error
    throw new UsageError(usageWords(message ?? error.message))
  })

try {
  await cli.parseAsync()
} catch (error) {
  const verbose = process.argv.includes('--verbose') || Boolean(process.env.SLUICE_DEBUG)
  reportError(error, openScreen(process.stderr), verbose)
  process.exitCode = exitCodeOf(error)
}

/** What yargs says of arguments, in our words where its own help little. */
function usageWords(message: string): string {
  const [command = ''] = hideBin(process.argv)
  return message.startsWith('Not enough non-option arguments')
    ? `${command} needs more arguments: sluice ${command} --help shows which`
    : message
}

function withoutCommand(argv: unknown): void {
  const [word] = (argv as Arguments)._
  if (word === undefined) {
    cli.showHelp('log')
    return
  }
  const name = String(word)
  const near = closestWord(name, COMMANDS)
  const meant = /\.ya?ml$/i.test(name)
    ? `; to run a recipe: sluice run ${name}`
    : near === null
      ? `: the commands are ${COMMANDS.join(', ')}`
      : `; did you mean ${near}?`
  throw new UsageError(`there is no command '${name}'${meant}`)
}
