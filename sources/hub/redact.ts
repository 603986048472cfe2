/** Signatures and tokens give access to whoever reads them. */
const SECRETS = [
  // the query of an address: signed URLs carry their signature there
  { pattern: /(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]*/g, by: '$1?…' },
  // user and password in an address
  { pattern: /(https?:\/\/)[^\s"'<>/@]+@/g, by: '$1…@' },
  { pattern: /\b(hf|xet|api_org)_[A-Za-z0-9]{4,}/g, by: '$1_…' },
  { pattern: /(bearer\s+)[^\s"',]+/gi, by: '$1…' },
]

/** A message without tokens and without the queries of addresses. */
export function redact(message: string): string {
  return SECRETS.reduce((text, { pattern, by }) => text.replace(pattern, by), message)
}
