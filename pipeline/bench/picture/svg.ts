/** A piece of SVG. */
export type Svg = string

type Attributes = Readonly<Record<string, string | number>>

/** An element; what stands in it is SVG already. */
export function element(name: string, attributes: Attributes, inside: Svg = ''): Svg {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`,
  )
  return `<${name}${written.join('')}${inside === '' ? '/>' : `>${inside}</${name}>`}`
}

export function text(words: string, attributes: Attributes): Svg {
  return element('text', attributes, escaped(words))
}

export function line(x1: number, y1: number, x2: number, y2: number, of: string): Svg {
  return element('line', { x1, y1, x2, y2, class: of })
}

/** Pixels are told apart to a tenth. */
function rounded(value: number): string {
  return String(Math.round(value * 10) / 10)
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (character) => ESCAPES[character]!)
}

/** A place on a picture. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Maps amounts from 0 to `most` to pixels. */
export function linear(most: number, from: number, to: number): (amount: number) => number {
  return (amount) => from + ((to - from) * amount) / (most || 1)
}

/** Maps amounts between two bounds above 0 to pixels, in steps of equal factors. */
export function logarithmic(
  least: number,
  most: number,
  from: number,
  to: number,
): (amount: number) => number {
  const span = Math.log(most / least) || 1
  return (amount) => from + ((to - from) * Math.log(amount / least)) / span
}

/** About five round amounts from 0 up to `most`. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0]
  const raw = most / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((some) => some >= raw)!
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, at) => at * step)
}

/** Powers of ten within two bounds. */
export function powers(least: number, most: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(least)), Math.floor(Math.log10(most))]
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => 10 ** (first + at))
}
