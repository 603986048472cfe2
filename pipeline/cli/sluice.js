#!/usr/bin/env node
/**
 * The command `sluice`. In a clone it runs the TypeScript as it is, in the published package the JavaScript built
 * from it. Plain JavaScript that an old Node can read, so that it can say why it refuses one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const inPackage = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const { engines } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'))
const oldest = Number(/\d+/.exec(engines.node)[0])
if (Number(process.versions.node.split('.')[0]) < oldest) {
  console.error(
    `sluice needs Node ${oldest} or later, and this is Node ${process.versions.node}.\n${advice()}`,
  )
  process.exit(2)
}

const source = inPackage('pipeline/cli/main.ts')
const main = existsSync(source) ? source : inPackage('dist/pipeline/cli/main.js')
await import(pathToFileURL(main).href)

/** In a clone, npm brings a Node that is new enough: the package `node`, when its install script may run. */
function advice() {
  const pinned = ['node', 'node.exe'].some((name) => existsSync(inPackage(`node_modules/node/bin/${name}`)))
  if (pinned) return 'A newer one is installed here: start it by npm, as npm start does, with npx sluice.'
  if (existsSync(inPackage('node_modules/node')))
    return (
      'npm was to install a newer one here, and the script that fetches it did not run: npm 12 runs only the install\n' +
      'scripts that package.json allows, and none with ignore-scripts. Allow it and run it:\n' +
      '  npm approve-scripts node && npm rebuild node --ignore-scripts=false'
    )
  return `Install a newer one from https://nodejs.org${existsSync(inPackage('pipeline/cli/main.ts')) ? ', or run npm install here first' : ''}.`
}
