import { readFileSync } from 'node:fs'
import type { Memory } from './memory.ts'

/** What kernels are made with: SIMD and bulk memory. V8 has both wherever the processor does. */
const PROBE = new Uint8Array([
  // A module of one function that answers i8x16.popcnt of a zero vector: `(func (result v128) …)`.
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
])

/** Whether kernels run on this machine, and are not switched off by SLUICE_KERNELS=off. */
export const kernelsRun: boolean = process.env.SLUICE_KERNELS !== 'off' && WebAssembly.validate(PROBE)

const modules = new Map<string, WebAssembly.Module>()

/**
 * A kernel at work in a memory. `name` is that of its file in dist/kernels, which the build makes; what it imports of
 * the host stands in `host`. Instances of one module share code and nothing else. Throws what the file system throws
 * when the kernel was not built.
 */
export function openKernel<Exports>(
  name: string,
  memory: Memory,
  host: Readonly<Record<string, (...numbers: number[]) => number>> = {},
): Exports {
  let module = modules.get(name)
  if (!module) {
    const file = new URL(import.meta.resolve(`#kernels/${name}.wasm`))
    module = new WebAssembly.Module(readFileSync(file))
    modules.set(name, module)
  }
  const imports = { env: { memory: memory.wasm }, host }
  return new WebAssembly.Instance(module, imports).exports as Exports
}
