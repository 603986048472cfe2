/** Builds the published package into dist/: JavaScript, types, and the files that are read at run time. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const dist = path.join(root, 'dist')

/** Files that the built code reads where the source reads them. */
const ASSETS = ['sources/sample/data', 'sources/sample/recipe.yaml', 'pipeline/recipe/recipe.schema.json']

/** AssemblyScript: entry file by the name of the kernel. */
const KERNELS = {
  snappy: 'sources/parquet/kernel/snappy.ts',
  tokens: 'transforms/tokens/kernel/index.ts',
  json: 'pipeline/graph/kernel/json.ts',
}
const KERNEL_OPTIONS = [
  ['--runtime', 'stub'],
  ['--importMemory'],
  ['--use', 'abort='],
  ['--enable', 'simd'],
  ['--enable', 'bulk-memory'],
  ['-O3'],
  ['--noAssert'],
].flat()

rmSync(dist, { recursive: true, force: true })
const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
execFileSync(process.execPath, [compiler, '-p', path.join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
const assembler = path.join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js')
for (const [name, entry] of Object.entries(KERNELS)) {
  const output = path.join(dist, 'kernels', `${name}.wasm`)
  execFileSync(process.execPath, [assembler, entry, '--outFile', output, ...KERNEL_OPTIONS], {
    cwd: root,
    stdio: 'inherit',
  })
}
for (const asset of ASSETS) {
  const from = path.join(root, asset)
  if (!existsSync(from)) throw new Error(`${asset} is missing: the package would not run without it`)
  cpSync(from, path.join(dist, asset), { recursive: true })
}
