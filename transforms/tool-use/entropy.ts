/** Shannon entropy in bits of the distribution with these counts, all above 0; 0 for none or one. */
export function entropyBits(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  // Subtracting from 0 keeps the entropy of a single count from being -0.
  return counts.reduce((bits, count) => bits - (count / total) * Math.log2(count / total), 0)
}
