import { type Changes, isNothing } from '../../sinks/hub/changes.ts'
import type { Pushed, PushPlan } from '../../sinks/hub/hub-push.ts'
import { bytes, count, counted } from './amounts.ts'
import { fitEnd, safeLine, safeText } from './safe-text.ts'
import type { Screen } from './screen.ts'
import { type Cell, right, table } from './table.ts'

type Drawing = Pick<Screen, 'room' | 'paint'>

/** Longer lists are cut. */
const FILES_SHOWN = 40

/** What a push would do, for a person. */
export function drawPushPlan(plan: PushPlan, screen: Drawing): string {
  const { changes, card } = plan
  const sections = [
    [screen.paint.strong('Dry run: nothing is pushed.')],
    [whereTo(plan)],
    isNothing(changes)
      ? ['All of it is there already: there is nothing to push']
      : [`One commit, ${amountOf(changes)}`, ...files(changes, screen)],
    ...(changes.keepsCard ? [[KEPT_CARD]] : []),
    ...(card === null ? [] : [['The card, README.md', '', ...safeText(card).trimEnd().split('\n')]]),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** What a push came to, for a person. */
export function drawPushed(pushed: Pushed, { room, paint }: Drawing): string {
  const { repository, branch, commit, url, isNew, changes } = pushed
  if (!isNew)
    return `  Nothing to push: all of it is there already, in ${repository} at ${branch}, ${commit}\n  ${url}\n`
  return [
    `  ${paint.strong(`Pushed to ${repository}`)} at ${branch}, ${amountOf(changes)}`,
    ...files(changes, { room, paint }),
    ...(changes.keepsCard ? [`  ${KEPT_CARD}`] : []),
    `  ${url}`,
    '',
  ].join('\n')
}

const KEPT_CARD = 'The card of the repository was written by hand, and stays'

function whereTo({ target, visibility, hasBranch }: PushPlan): string {
  const { repository, branch, isPrivate } = target
  if (visibility === null)
    return `To ${repository}, which is made${isPrivate ? ', private' : ''}, at ${branch}`
  return `To ${repository}, which is there and ${visibility}, at ${branch}${hasBranch ? '' : ', a branch that is made'}`
}

function amountOf({ added, deleted }: Changes): string {
  const size = added.reduce((sum, file) => sum + file.size, 0)
  const out = deleted.length > 0 ? `, ${counted(deleted.length, 'file')} out` : ''
  return `${counted(added.length, 'file')} of ${bytes(size)} in${out}`
}

function files({ added, deleted }: Changes, { room, paint }: Drawing): string[] {
  const lines: Cell[][] = [
    ...added.map(({ path, size }) => [
      { text: '+', paint: paint.good },
      { text: fitEnd(safeLine(path), room - 20) },
      right(bytes(size)),
    ]),
    ...deleted.map((path) => [
      { text: '-', paint: paint.bad },
      { text: fitEnd(safeLine(path), room - 20) },
      { text: '' },
    ]),
  ]
  const more = lines.length > FILES_SHOWN ? [`    … and ${count(lines.length - FILES_SHOWN)} more`] : []
  return [...table(lines.slice(0, FILES_SHOWN), 4), ...more]
}
