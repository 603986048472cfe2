/**
 * Checks the package as its users get it: packs it, installs the archive in an empty project, and runs the main job
 * there, with a transform of the user's own that imports the package by its name.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const project = mkdtempSync(path.join(os.tmpdir(), 'sluice-package-'))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

function run(command, args, cwd = project) {
  console.log(`$ ${[path.basename(command), ...args].join(' ')}`)
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

try {
  run(npm, ['pack', '--loglevel=error', '--pack-destination', project], root)
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const archive = path.join(project, `${name}-${version}.tgz`)
  run('npx', ['publint', archive, '--strict'], root)
  run('npx', ['attw', archive, '--profile', 'esm-only', '--exclude-entrypoints', 'recipe.schema.json'], root)

  writeFileSync(path.join(project, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n')
  run(npm, ['install', '--no-audit', '--no-fund', archive])
  cpSync(path.join(root, 'test/examples'), path.join(project, 'examples'), { recursive: true })
  mkdirSync(path.join(project, 'recipes'))
  writeFileSync(
    path.join(project, 'recipes/recipe.yaml'),
    [
      'from: [../node_modules/trace-sluice/dist/sources/sample/data]',
      'steps: [{ use: ../examples/error-lines.ts }]',
      'filters: [{ resolved: passed }]',
      'sinks: [{ use: ../examples/sqlite-sink.ts }]',
      '',
    ].join('\n'),
  )
  // What a user's terminal would find first.
  const sluice = path.join(project, 'node_modules/trace-sluice/pipeline/cli/sluice.js')
  const printed = run(process.execPath, [
    sluice,
    'run',
    'recipes/recipe.yaml',
    '--out',
    'out',
    '--events',
    'ndjson',
  ])
  const done = JSON.parse(printed.trimEnd().split('\n').at(-1))
  if (done.event !== 'done' || done.rows.in < 60 || done.rows.kept === 0)
    throw new Error(`the packed command did not finish its job: ${JSON.stringify(done)}`)
  console.log(`packed and installed: ${done.rows.kept} of ${done.rows.in} rows kept`)
} finally {
  rmSync(project, { recursive: true, force: true })
}
