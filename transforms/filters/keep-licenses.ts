import { z } from 'zod'
import { defineFilter } from '../../pipeline/index.ts'

/** Keeps rows whose repository has one of the licences, by SPDX id without regard to case. */
export const keepLicenses = defineFilter({
  module: import.meta.url,
  name: 'keepLicenses',
  options: z.strictObject({ licenses: z.array(z.string().min(1)).min(1) }),
  reads: ['license'],
  pushDown: true,
  open: ({ licenses }) => {
    const wanted = new Set(licenses.map((license) => license.toLowerCase()))
    return ({ license }: { readonly license: string | null }) =>
      license && wanted.has(license.toLowerCase())
        ? null
        : { reason: 'license_not_listed', value: license || null, threshold: licenses.join(' ') }
  },
})
