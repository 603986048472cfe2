import type { Bug } from './bug.ts'
import type { Chance } from './chance.ts'
import type { Call, Turn } from './script.ts'

/**
 * What different programmers do around the same core of work: how much they look around before, and how
 * much they check after. A take names its habits; the words come from the take's own chance, so two
 * recordings of one attempt share the core and little else.
 */
type Habit = (bug: Bug, chance: Chance) => Turn[]

const before: Record<string, Habit> = {
  survey: (bug, chance) => [
    {
      prose: chance.pick('survey', [
        'Let me start with what is in the repository.',
        `First a look at the layout of ${bug.project}.`,
        "I'll get an overview of the files before I read any of them.",
        'Before touching anything I want to know which files there are and which of them are tests.',
        `The description talks about behaviour, not about files, so I need to find where ${bug.project} does this.`,
      ]),
      calls: [
        bash(
          chance.pick('survey command', [
            'git ls-files',
            "find . -type f -not -path './.git/*' | sort",
            'ls && git log --oneline | head -5',
            'git ls-files | xargs wc -l',
          ]),
        ),
      ],
    },
  ],
  readme: (_bug, chance) => [
    {
      prose: chance.pick('readme', [
        'The README may say what behaviour is promised.',
        'Is the expected behaviour documented anywhere? The README first.',
        'A short look at the README, in case the contract is written down there.',
      ]),
      calls: [{ kind: 'view', path: 'README.md' }],
    },
  ],
  browse: (bug, chance) =>
    [...bug.files.keys()]
      .filter((path) => !/\.(md|toml|mod|json)$|^\.git/.test(path))
      .map((path, at) => ({
        prose: chance.pick(`browse ${path}`, [
          `Now \`${path}\`.`,
          `Next I read \`${path}\` from top to bottom.`,
          at === 0 ? `I'll read the files one by one, beginning with \`${path}\`.` : `On to \`${path}\`.`,
          `Let me see what \`${path}\` does.`,
          '',
        ]),
        calls: [{ kind: 'view', path }],
      })),
  baseline: (bug, chance) => [
    {
      prose: chance.pick('baseline', [
        'What do the existing tests say before any change?',
        'I run the tests once now, so that I know later what I broke and what was broken.',
        'Baseline: the test suite as it stands.',
        'Let me see whether the suite passes at the moment. If it does, the reported case is simply not covered.',
      ]),
      calls: [bash(bug.testCommand)],
    },
  ],
}

const after: Record<string, Habit> = {
  verify: (bug, chance) => [
    {
      prose: chance.pick('verify', [
        'Now the whole suite again.',
        'Run the tests with the change in place.',
        "That should do it. Let's see whether the tests agree.",
        'I want to be sure nothing else depended on the old behaviour.',
        'Checking for regressions.',
      ]),
      calls: [bash(bug.testCommand)],
    },
  ],
  review: (_bug, chance) => [
    {
      prose: chance.pick('review', [
        'A last look at the complete change.',
        'Let me read my own diff as a reviewer would.',
        'What exactly did I change?',
        'The diff should hold the fix and nothing besides.',
      ]),
      calls: [
        bash(
          chance.pick('review command', ['git diff', 'git diff --stat && git diff', 'git --no-pager diff']),
        ),
      ],
    },
  ],
  status: (_bug, chance) => [
    {
      prose: chance.pick('status', [
        'Did I leave anything behind?',
        'Make sure the working tree holds no leftovers.',
        'One check that only intended files are modified.',
      ]),
      calls: [bash('git status --short')],
    },
  ],
  colours: () => [
    {
      prose: 'I find the coloured diff easier to read.',
      calls: [bash('git -c color.ui=always diff')],
    },
  ],
}

/** The core with the take's habits around it: some come first, some just before the work is handed in. */
export function withHabits(
  core: readonly Turn[],
  marks: ReadonlySet<string>,
  bug: Bug,
  chance: Chance,
): Turn[] {
  const chosen = (habits: Record<string, Habit>): Turn[] =>
    [...marks].flatMap((mark) => habits[mark]?.(bug, chance) ?? [])
  const handsIn = core.findIndex(({ calls }) =>
    calls.some(({ kind }) => kind === 'finish' || kind === 'cut-off'),
  )
  const end = handsIn === -1 ? core.length : handsIn
  const [firstCheck, ...checks] = chosen(after)
  const last = core[end]
  if (!firstCheck || !last) return [...chosen(before), ...core]
  // What the last turn says is about the step before it, so the checks take it over.
  const prose = [last.prose, firstCheck.prose].filter((text) => text !== '').join(' ')
  return [
    ...chosen(before),
    ...core.slice(0, end),
    { ...firstCheck, prose },
    ...checks,
    { ...last, prose: '' },
    ...core.slice(end + 1),
  ]
}

/** The marks that name a habit. */
export const habitNames: ReadonlySet<string> = new Set([...Object.keys(before), ...Object.keys(after)])

function bash(command: string): Call {
  return { kind: 'bash', command }
}
