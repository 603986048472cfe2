/** What a tool prints that differs between machines or recordings, and what stands in for it. */
const differences: readonly (readonly [RegExp, string])[] = [
  // Go and unittest report seconds; Node and its test runner milliseconds.
  [/\b\d+\.\d+s\b/g, '0.01s'],
  [/\(\d+(\.\d+)?ms\)/g, '(1ms)'],
  [/duration_ms \d+(\.\d+)?/g, 'duration_ms 1'],
  [/0x[0-9a-f]{8,16}\b/g, '0x7f3a10c02000'],
  // Rust names the thread's id and a build's hash.
  [/^(thread '[^']*') \(\d+\)/gm, '$1 (7)'],
  [/(target\/debug\/deps\/\w+)-[0-9a-f]{16}/g, '$1-5d41402abc4b2a76'],
  [/\/rustc\/[0-9a-f]{40}\//g, '/rustc/'],
  // Positions inside Node and the JDK move with every release.
  [/\((node:internal[^):]*)(:\d+:\d+)?\)/g, '($1)'],
  [/Node\.js v(\d+)\.\d+\.\d+/g, 'Node.js v$1'],
  [/\/(tmp|var\/tmp)\/(cc|go-build)[A-Za-z0-9]+/g, '/tmp/$2000000'],
]

/** The same text as any other recording on any other machine would print it. */
export function scrub(text: string, replaced: readonly (readonly [found: string, shown: string])[]): string {
  let clean = text
  for (const [found, shown] of replaced) clean = clean.replaceAll(found, shown)
  for (const [found, shown] of differences) clean = clean.replace(found, shown)
  return clean
}
