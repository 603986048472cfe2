import type { Program } from './program.ts'

/**
 * The text that a command only hands on to the pipe after it: `cat <<EOF`, `echo '…'`, `printf '…'`; null where
 * what it prints can't be read from the command. An `echo` with a substitution prints what that finds.
 */
export function printedText(program: Program, substitutes: boolean): string | null {
  const { name, args, input } = program
  if (name === 'cat') return args.every((arg) => arg === '-') ? input : null
  if (substitutes || (name !== 'echo' && name !== 'printf')) return null
  return args.slice(/^-[neE]{1,3}$/.test(args[0] ?? '') ? 1 : 0).join(' ')
}
