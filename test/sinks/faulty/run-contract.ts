import { readFile } from 'node:fs/promises'
import { testSink } from '../../../pipeline/testing.ts'
import { FAULTS, type Fault, writeFaulty } from './faulty-sinks.ts'

for (const fault of Object.keys(FAULTS) as Fault[])
  testSink(fault, {
    sink: writeFaulty,
    options: { fault },
    rows: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })),
    read: async (file) => (await readFile(file, 'utf8')).split('\n').slice(0, -1),
  })
