import { boolean, list, number, string, struct } from '../pipeline/batch/schema.ts'

const patch = () => struct({ patch: string({ bulky: true }) })

/**
 * The reader's schema of TraceRow. Older revisions call the messages `trajectory`; whatever a file lacks is
 * null.
 */
export const traceSchema = struct({
  instance_id: string(),
  repo: string(),
  license: string(),
  language: string(),
  trajectory_id: string(),
  messages: list(
    struct({
      role: string(),
      content: string(),
      reasoning_content: string(),
      tool_call_id: string(),
      tool_calls: list(
        struct({
          id: string(),
          type: string(),
          function: struct({ name: string(), arguments: string({ json: true }) }),
        }),
      ),
    }),
    { aliases: ['trajectory'] },
  ),
  tools: list(string({ json: true })),
  resolved: number(),
  metadata: struct({
    category: string(),
    teacher_model: struct({ name: string(), enable_thinking: boolean(), reasoning_effort: string() }),
    reference_patch: patch(),
    model_patch: patch(),
  }),
  hf_dataset_name: string(),
  model_patch: string({ bulky: true }),
})
