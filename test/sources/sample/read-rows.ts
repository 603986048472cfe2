import { parquetReadObjects } from 'hyparquet'

/** The rows of a file of the sample as the recorder wrote them. hyparquet gives a null list as undefined. */
export async function readRows<T>(file: ArrayBuffer): Promise<T[]> {
  const rows = await parquetReadObjects({ file })
  return JSON.parse(
    JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : (value ?? null))),
  )
}
