import type { CommandModule } from 'yargs'
import { type Arguments, flagValues, recipeFlags, refuseMore, withFlags } from './flags.ts'
import { safeText } from './safe-text.ts'
import { openScreen } from './screen.ts'

/** `sluice graph`: the dataflow of a recipe and how it is planned. */
export const graphCommand: CommandModule = {
  command: 'graph [recipe]',
  describe: 'print the dataflow of a recipe: what runs where, and which columns each step reads',
  builder: (yargs) =>
    withFlags(
      yargs
        .positional('recipe', { describe: 'a recipe in YAML; without one, the flags are the recipe' })
        .example('sluice graph recipe.yaml', 'as text')
        .example('sluice graph recipe.yaml --mermaid > graph.mmd', 'as a Mermaid flowchart'),
      { mermaid: { boolean: true, describe: 'as a Mermaid flowchart' }, ...recipeFlags() },
    ),
  handler: async (argv) => {
    const given = argv as unknown as Arguments
    refuseMore(given, 'graph takes one recipe')
    const [{ readRecipe }, { loadRecipe }, { curate }, { makePlan }] = await Promise.all([
      import('../recipe/read-recipe.ts'),
      import('../recipe/load-recipe.ts'),
      import('../curate.ts'),
      import('../plan/make-plan.ts'),
    ])
    const file = given.recipe as string | undefined
    const flags = flagValues(given)
    const { recipe, folder } = readRecipe({
      file,
      // The graph is the same whatever is read.
      flags: file === undefined ? { from: '.', ...flags } : flags,
      workingDirectory: process.cwd(),
    })
    const { pipeline } = curate(await loadRecipe(recipe, folder))
    const plan = makePlan(pipeline, { measure: recipe.measure })
    process.stdout.write(`${safeText(await draw(Boolean(given.mermaid)))}\n`)

    async function draw(asMermaid: boolean): Promise<string> {
      if (asMermaid) return (await import('../plan/draw-mermaid.ts')).drawMermaid(plan, pipeline)
      const { drawPlan } = await import('../plan/draw-plan.ts')
      return drawPlan(plan, pipeline, openScreen(process.stdout))
    }
  },
}
