import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import type { Readable } from 'node:stream'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { addTraffic, NO_TRAFFIC, type Traffic } from '../../pipeline/graph/traffic.ts'
import { PACKAGE } from '../../pipeline/package.ts'
import { AllowedHosts, reachOf } from './allowed-hosts.ts'
import { AnswerBody } from './answer-body.ts'
import { HubError } from './hub-error.ts'
import type { HubSettings } from './hub-settings.ts'

/** To get a connection, in milliseconds. */
const CONNECT_TIMEOUT = 10_000
/** Connections to one host, of each thread. */
const CONNECTIONS = 32
const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type Headers = Readonly<Record<string, string | string[] | undefined>>

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  /** to be read or discarded */
  readonly body: AnswerBody
  /** where the answer came from, after redirects */
  readonly url: URL
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  /** a stream is made anew for each address that it is sent to */
  readonly body?: string | Uint8Array | (() => Readable)
  /** milliseconds that the answer may take to begin, and for a piece of it, where that may be longer than usual */
  readonly patience?: number
  /** follow redirects, those that are allowed; else they are answers like others */
  readonly follow?: boolean
  /** URI of the file that it is for, for the account of the traffic */
  readonly file?: string
  readonly signal: AbortSignal
}

/**
 * Every byte to and from the Hub: one agent, whose connections are kept and bounded. It alone knows the token, and
 * sends it to the Hub's own origin and nowhere else. Bodies come as they are on the wire.
 */
export class HttpClient {
  readonly settings: HubSettings
  readonly #origin: string
  readonly #allowed: AllowedHosts
  readonly #agent: Dispatcher
  #traffic = new Map<string, Traffic>()

  constructor(settings: HubSettings, env = process.env) {
    this.settings = settings
    this.#origin = new URL(settings.endpoint).origin
    const more = (env.SLUICE_HUB_HOSTS ?? '').split(',').filter((host) => host !== '')
    this.#allowed = new AllowedHosts(settings.endpoint, more)
    const options = {
      connections: CONNECTIONS,
      headersTimeout: settings.patience,
      bodyTimeout: settings.patience,
      connect: { timeout: CONNECT_TIMEOUT, lookup: this.#lookup },
      allowH2: false,
    }
    const proxied = ['http_proxy', 'https_proxy'].some((name) => env[name] || env[name.toUpperCase()])
    this.#agent = proxied ? new EnvHttpProxyAgent(options) : new Agent(options)
  }

  /**
   * One try. Rejects with what undici throws, and with HubError for a redirect that is not allowed.
   */
  async request(address: string | URL, options: HttpRequest): Promise<HttpAnswer> {
    let url = new URL(address)
    let sent = options
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#send(url, sent)
      const target = REDIRECTS.has(answer.status) ? answer.headers.location : undefined
      if (target === undefined || options.follow === false) return answer
      answer.body.discard()
      if (redirects >= MAX_REDIRECTS)
        throw new HubError(`${address} leads from one address to the next without end`)
      const next = this.redirected(url, String(target))
      // What was meant for one host is not for another.
      if (next.origin !== url.origin) sent = { ...sent, headers: withoutCredentials(sent.headers) }
      url = next
    }
  }

  /** The address that a redirect names. Throws HubError when it must not be followed. */
  redirected(from: URL, location: string): URL {
    const url = URL.canParse(location, from.href) ? new URL(location, from.href) : null
    const refusal = url ? this.#allowed.refusal(url) : 'it is no address'
    if (!url || refusal !== null) throw new HubError(`${from} sends us on to ${location}: ${refusal}`)
    return url
  }

  /** What was asked of the network since the last call, by what it was for. */
  takeTraffic(): ReadonlyMap<string, Traffic> {
    const taken = this.#traffic
    this.#traffic = new Map()
    return taken
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }

  async #send(
    url: URL,
    { method = 'GET', headers, body, file = '', patience = this.settings.patience, signal }: HttpRequest,
  ): Promise<HttpAnswer> {
    const refusal = this.#allowed.refusal(url)
    if (refusal !== null) throw new HubError(`${url} is not asked: ${refusal}`)
    const { token } = this.settings
    this.#note(file, { requests: 1, bytes: 0 })
    const answer = await request(url.href, {
      method,
      dispatcher: this.#agent,
      signal,
      body: typeof body === 'function' ? body() : (body ?? null),
      headersTimeout: patience,
      headers: {
        ...headers,
        'accept-encoding': 'identity',
        'user-agent': `${PACKAGE.name}/${PACKAGE.version}`,
        ...(token !== null && url.origin === this.#origin ? { authorization: `Bearer ${token}` } : {}),
      },
    })
    const answered = new AnswerBody(answer.body, patience, (bytes) =>
      this.#note(file, { requests: 0, bytes }),
    )
    return { status: answer.statusCode, headers: answer.headers, body: answered, url }
  }

  #note(file: string, traffic: Traffic): void {
    this.#traffic.set(file, addTraffic(this.#traffic.get(file) ?? NO_TRAFFIC, traffic))
  }

  /** Names are looked up as ever, and what is not public is left alone unless it was configured. */
  readonly #lookup = (
    hostname: string,
    options: LookupOptions,
    callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '')
        return
      }
      const fit = this.#allowed.mayBePrivate(hostname)
        ? addresses
        : addresses.filter(({ address }) => reachOf(address) === 'public')
      const [first] = fit
      if (!first)
        callback(
          new HubError(`${hostname} has no public address: name it in SLUICE_HUB_HOSTS to allow that`),
          '',
        )
      else if (options.all) callback(null, fit)
      else callback(null, first.address, first.family)
    })
  }
}

function withoutCredentials(headers: HttpRequest['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)),
  )
}
