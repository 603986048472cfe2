import { DatabaseSync } from 'node:sqlite'
import { testSink } from 'trace-sluice/testing'
import { writeSqlite } from './sqlite-sink.ts'

const rows = ['python', 'go', null, 'rust', 'c'].map((language, at) => ({
  trajectory_id: `trajectory-${at}`,
  language,
  tokens: at === 3 ? null : at * 2 ** 33,
  turns: at,
}))

testSink('writeSqlite', {
  sink: writeSqlite,
  options: {},
  rows,
  read(file) {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      return database.prepare('SELECT * FROM trajectories ORDER BY rowid').all()
    } finally {
      database.close()
    }
  },
})
