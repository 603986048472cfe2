/**
 * What a call does to the work, weakest first:
 * - other: anything else: running a program, moving files, thinking, finishing
 * - read: looks at files (`cat`, `head`, `ls`, `sed -n`, an editor's view)
 * - search: looks for them or in them (`grep`, `find`)
 * - git: asks or changes version control
 * - build: compiles, packages, installs
 * - edit: writes files (`sed -i`, `cat > f`, `tee`, `patch`, an editor's create, str_replace, insert, undo_edit)
 * - test: runs tests
 *
 * A command line of several commands is of the strongest kind in it. A test run says most of a line, whatever
 * prepares it or filters its output; an edit is next, because it changes what all later calls see; reading is
 * what remains where nothing else was done.
 */
export const ACTIONS = ['other', 'read', 'search', 'git', 'build', 'edit', 'test'] as const

export type Action = (typeof ACTIONS)[number]

const STRENGTH = Object.fromEntries(ACTIONS.map((action, strength) => [action, strength])) as Readonly<
  Record<Action, number>
>

export function isStronger(one: Action, other: Action): boolean {
  return STRENGTH[one] > STRENGTH[other]
}
