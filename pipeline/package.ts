import { readFileSync } from 'node:fs'

/** The package as it is published, found from the clone and from dist alike. */
export const PACKAGE = JSON.parse(readFileSync(new URL(import.meta.resolve('#package.json')), 'utf8')) as {
  readonly name: string
  readonly version: string
  readonly engines: { readonly node: string }
}
