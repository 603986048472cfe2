import type { Row } from './row.ts'

/** A row of the layout until August 2026: another order, the messages under `trajectory`, the patch on top. */
export interface OldRow {
  trajectory_id: string | null
  instance_id: string
  repo: string
  license: string
  trajectory: Row['messages']
  tools: string[] | null
  model_patch: string
  resolved: number | null
  language: string
  hf_dataset_name: string
}

/** `data/<harness>/<model>/<task source>/`, and for old rows `data/<model>_<harness>_trajectories/`. */
export function leafFile(harness: string, layout: 'current' | 'old'): string {
  const folder =
    layout === 'old' ? `scripted_v1_${harness}_trajectories` : `${harness}/scripted_v1/small-bugs`
  return `${folder}/train-00000-of-00001.parquet`
}

/** The row as the older layout held it. What that had no place for is left out. */
export function toOldRow(row: Row): OldRow {
  return {
    trajectory_id: row.trajectory_id,
    instance_id: row.instance_id,
    repo: row.repo,
    license: row.license,
    trajectory: row.messages,
    tools: row.tools,
    model_patch: row.metadata.model_patch?.patch ?? '',
    resolved: row.resolved,
    language: row.language,
    hf_dataset_name: row.hf_dataset_name,
  }
}
