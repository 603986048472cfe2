import type { FileMetadata } from './file-metadata.ts'

/** A bundle is about this much when it is decompressed. */
const BUNDLE_BYTES = 16 << 20

export interface RowSpan {
  readonly firstRow: number
  readonly rows: number
  /** estimated uncompressed bytes */
  readonly bytes: number
}

/**
 * Cuts a file's rows into bundles of about equal bytes. A bundle lies in one row group, and its bounds depend on
 * the footer alone: not on what is read of it, by how many, or with which other files.
 */
export function planBundles({ rowGroups }: FileMetadata): RowSpan[] {
  const spans: RowSpan[] = []
  for (const { firstRow, rows, uncompressedBytes } of rowGroups) {
    if (rows === 0) continue
    const rowBytes = uncompressedBytes / rows
    const bundleRows = Math.min(rows, Math.max(1, Math.round(BUNDLE_BYTES / Math.max(rowBytes, 1))))
    for (let at = 0; at < rows; at += bundleRows) {
      const length = Math.min(bundleRows, rows - at)
      spans.push({ firstRow: firstRow + at, rows: length, bytes: Math.round(length * rowBytes) })
    }
  }
  return spans
}
