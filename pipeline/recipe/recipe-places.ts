import type { Recipe } from './recipe.ts'
import { type PlacedProblem, RecipeError } from './recipe-error.ts'
import type { Problem, ValuePath } from './schema-problems.ts'
import type { TextSpan, YamlText } from './yaml-text.ts'

/** Where the values of a recipe were written: in a file, in flags, in both, or in a program. */
export interface RecipePlaces {
  readonly file: string | undefined
  readonly yaml: YamlText | null
  /** the flag's name by the path of the value it set, as JSON */
  readonly origins: ReadonlyMap<string, string>
  /** where each filter stands in the file; flags may have taken some out */
  readonly filterPositions: readonly number[]
}

const IN_A_PROGRAM: RecipePlaces = { file: undefined, yaml: null, origins: new Map(), filterPositions: [] }

// A recipe is plain data that goes into the manifest, and what is wrong with its modules is found after it is read:
// so its places are kept beside it.
const places = new WeakMap<Recipe, RecipePlaces>()

export function rememberPlaces(recipe: Recipe, where: RecipePlaces): void {
  places.set(recipe, where)
}

export function placesOf(recipe: Recipe): RecipePlaces {
  return places.get(recipe) ?? IN_A_PROGRAM
}

/** Says everything that is wrong with a recipe, each problem where it is to be mended. */
export function recipeError(problems: readonly Problem[], where: RecipePlaces): RecipeError {
  const placed = problems.map((problem) => placeOf(problem, where))
  return new RecipeError(subjectOf(where, placed), inOrder(placed))
}

function placeOf(problem: Problem, { file, yaml, origins, filterPositions }: RecipePlaces): PlacedProblem {
  const { path, message, suggestion } = problem
  const flag = flagOf(path, origins)
  if (flag !== null) return { place: `--${flag}`, field: '', message, suggestion }
  if (!yaml || file === undefined) return { place: fieldOf(path), field: '', message, suggestion }
  const inFile = pathInFile(path, filterPositions)
  const span = yaml.find(inFile, problem.at)
  return { place: { file, span, text: yaml.line(span.line) }, field: fieldOf(inFile), message, suggestion }
}

function pathInFile(path: ValuePath, filterPositions: readonly number[]): ValuePath {
  const [member, at, ...rest] = path
  if (member !== 'filters' || typeof at !== 'number') return path
  return [member, filterPositions[at] ?? at, ...rest]
}

/** The flag that set a value, or that a value is inside of. */
function flagOf(path: ValuePath, origins: ReadonlyMap<string, string>): string | null {
  for (let length = path.length; length > 0; length--) {
    const flag = origins.get(JSON.stringify(path.slice(0, length)))
    if (flag !== undefined) return flag
  }
  const inside = [...origins].find(
    ([origin]) => path.length > 0 && origin.startsWith(JSON.stringify(path).slice(0, -1)),
  )
  return inside?.[1] ?? null
}

/** `filters[1].maxTokens` */
function fieldOf(path: ValuePath): string {
  return path
    .map((part, depth) => (typeof part === 'number' ? `[${part}]` : depth > 0 ? `.${part}` : part))
    .join('')
}

function subjectOf({ file, origins }: RecipePlaces, problems: readonly PlacedProblem[]): string {
  const inFile = problems.some(({ place }) => typeof place !== 'string')
  const inFlags = problems.some(({ place }) => typeof place === 'string')
  if (file !== undefined && inFile) return inFlags ? `${file} with its flags` : file
  if (origins.size === 0) return 'the recipe'
  return problems.length === 1 ? 'a flag' : 'the command line'
}

/** Flags first, then by line. */
function inOrder(problems: readonly PlacedProblem[]): PlacedProblem[] {
  const lineOf = ({ place }: PlacedProblem): TextSpan =>
    typeof place === 'string' ? { line: 0, column: 0, length: 0 } : place.span
  return problems.toSorted((a, b) => {
    const [one, other] = [lineOf(a), lineOf(b)]
    return one.line - other.line || one.column - other.column
  })
}
