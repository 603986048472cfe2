import type { CommandModule } from 'yargs'
import { type Arguments, refuseMore, withFlags } from './flags.ts'

/** `sluice schema`: the JSON Schema of recipes, for editors. */
export const schemaCommand: CommandModule = {
  command: 'schema',
  describe: 'print the JSON Schema of recipes, for editors',
  builder: (yargs) => withFlags(yargs, {}),
  handler: async (argv) => {
    refuseMore(argv as unknown as Arguments, 'schema takes no arguments')
    const { recipeSchemaText } = await import('../recipe/recipe-json-schema.ts')
    process.stdout.write(recipeSchemaText())
  },
}
