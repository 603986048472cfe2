import { BlockList, isIP } from 'node:net'

/** Where the public Hub keeps files and answers for them, and its bucket, which uploads go to. */
const HUB_HOSTS = ['huggingface.co', 'hf.co', 'hf-hub-lfs-us-east-1.s3-accelerate.amazonaws.com']

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Addresses that name no machine of the public internet (RFC 6890), those of LOOPBACK apart. */
const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv6')

/** How far an address can be reached. */
export function reachOf(address: string): 'public' | 'private' | 'loopback' {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (LOOPBACK.check(address, family)) return 'loopback'
  return PRIVATE.check(address, family) ? 'private' : 'public'
}

/**
 * Which addresses a request to the Hub may be sent on to. The Hub's own host always; else hosts of the public Hub and
 * those of SLUICE_HUB_HOSTS (with what lies below them), and never from https to http. A Hub on this machine may send
 * to this machine.
 */
export class AllowedHosts {
  readonly #endpoint: URL
  readonly #hosts: readonly string[]

  constructor(endpoint: string, more: readonly string[] = []) {
    this.#endpoint = new URL(endpoint)
    this.#hosts = [...HUB_HOSTS, ...more]
  }

  /** Why the address must not be followed; null when it may be. */
  refusal(url: URL): string | null {
    const { hostname, protocol } = url
    if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} is not spoken`
    if (protocol === 'http:' && this.#endpoint.protocol === 'https:') return 'it would leave https for http'
    if (hostname === this.#endpoint.hostname || this.#hosts.some((host) => isBelow(hostname, host)))
      return null
    if (isLocal(hostname) && isLocal(this.#endpoint.hostname)) return null
    return `${hostname} is no host of the Hub. If you trust it, name it in SLUICE_HUB_HOSTS`
  }

  /** Whether a host may turn out to have an address that is not public: it was named so, by whoever runs this. */
  mayBePrivate(hostname: string): boolean {
    return (
      hostname === this.#endpoint.hostname ||
      (isLocal(hostname) && isLocal(this.#endpoint.hostname)) ||
      this.#hosts.slice(HUB_HOSTS.length).some((host) => isBelow(hostname, host))
    )
  }
}

function isBelow(hostname: string, host: string): boolean {
  return hostname === host || hostname.endsWith(`.${host}`)
}

function isLocal(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || (isIP(bare) !== 0 && reachOf(bare) === 'loopback')
}
