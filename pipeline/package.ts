import manifest from '#package.json' with { type: 'json' }

/** The package as it is published. */
export const PACKAGE: { readonly name: string; readonly version: string } = manifest
