/**
 * The value that |t| exceeds with the probability `two`, of Student's distribution with `degrees` of freedom, which need
 * not be whole: Hill, "Algorithm 396: Student's t-Quantiles" (Communications of the ACM 13, 1970). Right to three digits.
 */
export function studentT(two: number, degrees: number): number {
  if (degrees === 1) return 1 / Math.tan((two * Math.PI) / 2)
  if (degrees === 2) return Math.sqrt(2 / (two * (2 - two)) - 2)
  const a = 1 / (degrees - 0.5)
  const b = (48 / a) * (1 / a)
  let c = (((20700 * a) / b - 98) * a - 16) * a + 96.36
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * degrees
  let y = (d * two) ** (2 / degrees)
  if (y > 0.05 + a) {
    const x = normalQuantile(two / 2)
    const squared = x * x
    if (degrees < 5) c += 0.3 * (degrees - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * squared + 6.3) * squared + 36) * squared + 94.5) / c - squared - 3) / b + 1) * x
    y = Math.expm1(a * y * y)
  } else
    y =
      ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) *
        y -
        1) *
        ((degrees + 1) / (degrees + 2)) +
      1 / y
  return Math.sqrt(degrees * y)
}

/**
 * The value below which a standard normal falls with the probability `p` of at most a half: Abramowitz and Stegun,
 * "Handbook of Mathematical Functions" (1964), 26.2.23.
 */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p))
  const above = 2.515517 + t * (0.802853 + t * 0.010328)
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return above / below - t
}
