import type { Bound } from '../report.ts'

/** What bounds a stage, as a class of the picture. */
export const BOUND_CLASS = {
  CPU: 'cpu',
  decompression: 'decompression',
  memory: 'memory',
  waiting: 'waiting',
  committer: 'committer',
  // Of a whole run alone, and no stage is drawn so.
  processors: 'waiting',
} as const satisfies Readonly<Record<Bound, string>>

const LIGHT = {
  surface: '#ffffff',
  ink: '#1f2328',
  muted: '#59636e',
  grid: '#e3e7ec',
  cpu: '#3b78d8',
  decompression: '#d0721b',
  memory: '#8250df',
  waiting: '#7d8590',
  committer: '#1a7f5a',
}

const DARK: typeof LIGHT = {
  surface: '#0d1117',
  ink: '#e6edf3',
  muted: '#9aa4af',
  grid: '#262d36',
  cpu: '#6ea8fe',
  decompression: '#f0a04b',
  memory: '#bc8cff',
  waiting: '#8b949e',
  committer: '#4cc38a',
}

/** Rules with the colours written out: not every viewer knows variables. */
const coloured = (of: typeof LIGHT): string =>
  [
    `text{fill:${of.ink}}`,
    `.muted{fill:${of.muted}}`,
    `.surface{fill:${of.surface}}`,
    `.grid{stroke:${of.grid}}`,
    `.axis,.ideal{stroke:${of.muted}}`,
    `.whisker{stroke:${of.ink}}`,
    `.measured{stroke:${of.cpu}}`,
    `.roof{stroke:${of.memory}}`,
    `.roof2{stroke:${of.decompression}}`,
    ...Object.values(BOUND_CLASS).map((name) => `.${name}{fill:${of[name]}}`),
  ].join('')

/** Light, and dark where the reader prefers it. */
export const STYLE = [
  'text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}',
  '.title{font-size:17px;font-weight:600}',
  '.heading{font-size:14px;font-weight:600}',
  '.small,.number{font-size:11px}',
  '.number{font-weight:600}',
  '.own{font-weight:700}',
  '.end{text-anchor:end}',
  '.middle{text-anchor:middle}',
  '.whisker{stroke-width:1.25;opacity:.75}',
  '.ideal{stroke-width:1.25;stroke-dasharray:4 4}',
  '.measured{stroke-width:2.5;fill:none}',
  '.roof,.roof2{stroke-width:2}',
  coloured(LIGHT),
  `@media (prefers-color-scheme:dark){${coloured(DARK)}}`,
].join('\n')
