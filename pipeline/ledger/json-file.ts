import { open, rename } from 'node:fs/promises'
import path from 'node:path'

/** Writes a value as indented JSON, whole or not at all. */
export async function writeJsonFile(directory: string, name: string, value: unknown): Promise<void> {
  const final = path.join(directory, name)
  const temporary = path.join(directory, `.${name}.tmp`)
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, final)
}
