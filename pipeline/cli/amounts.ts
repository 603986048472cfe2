/** Amounts as people read them. */

const grouped = new Intl.NumberFormat('en-US')

/** `12,345` */
export function count(amount: number): string {
  return grouped.format(Math.round(amount))
}

/** `1 file`, `2 files` */
export function counted(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`
}

/** Three digits that count: `1.23 M`, `45.6 k`, `789`. */
export function short(amount: number): string {
  return scaled(amount, 1000, ['', ' k', ' M', ' G', ' T'])
}

/** `1.23 MB`; a kB is 1,000 bytes. */
export function bytes(amount: number): string {
  return scaled(amount, 1000, [' B', ' kB', ' MB', ' GB', ' TB'])
}

function scaled(amount: number, base: number, units: readonly string[]): string {
  let unit = 0
  let rest = amount
  while (rest >= base * 0.9995 && unit < units.length - 1) {
    rest /= base
    unit++
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2
  return `${rest.toFixed(digits)}${units[unit]}`
}

/** `3.2 s`, `4 min 05 s`, `2 h 07 min` */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const two = (part: number) => String(part).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}

/** A part of a whole: `12 %`, `<1 %` for what is more than nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const percent = (100 * part) / whole
  if (percent < 1) return '<1 %'
  return percent < 100 && percent > 99 ? '>99 %' : `${Math.round(percent)} %`
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of a part of the whole, in eighths of a character; what is more than nothing is seen. */
export function bar(part: number, whole: number, columns: number): string {
  if (whole <= 0 || part <= 0) return ''
  const eighths = Math.max(1, Math.round(Math.min(1, part / whole) * columns * 8))
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!
}
