/**
 * Serves folders as datasets until it is ended, and prints the address:
 *
 *     node test/support/fake-hub/serve.ts OWNER/NAME=FOLDER... [--latency MS] [--rate BYTES] [--url-seconds S]
 *
 * Clients find it by HF_ENDPOINT.
 */
import { parseArgs } from 'node:util'
import { FakeHub } from './fake-hub.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    latency: { type: 'string', default: '0' },
    rate: { type: 'string' },
    'url-seconds': { type: 'string', default: '3600' },
  },
})
const hub = await FakeHub.start({
  datasets: Object.fromEntries(
    positionals.map((given) => {
      const [dataset, folder] = given.split('=')
      return [dataset!, { main: folder! }]
    }),
  ),
  latency: Number(values.latency),
  rate: values.rate === undefined ? null : Number(values.rate),
  urlSeconds: Number(values['url-seconds']),
})
console.log(hub.endpoint)
