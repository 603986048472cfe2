import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { UsageError } from '../../pipeline/errors.ts'

/** Where the Hub is and who we are, from the environment variables that Python's huggingface_hub reads. */
export interface HubSettings {
  /** origin, without a slash at the end: HF_ENDPOINT, or the public Hub */
  readonly endpoint: string
  /** HF_TOKEN, or what stands in HF_TOKEN_PATH; null for nobody */
  readonly token: string | null
  /** HF_HUB_CACHE: where snapshots are */
  readonly cache: string
  /** HF_HUB_DOWNLOAD_TIMEOUT: milliseconds without a byte after which an answer is given up */
  readonly patience: number
  /** HF_HUB_OFFLINE: only the cache is read */
  readonly offline: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const PUBLIC_HUB = 'https://huggingface.co'

/** Throws UsageError when HF_ENDPOINT is no address. */
export function hubSettings(env: Environment = process.env): HubSettings {
  const cacheHome = env.XDG_CACHE_HOME || path.join(homedir(), '.cache')
  const home = env.HF_HOME || path.join(cacheHome, 'huggingface')
  return {
    endpoint: endpointOf(env.HF_ENDPOINT || PUBLIC_HUB),
    token: tokenOf(env, home),
    cache: env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || path.join(home, 'hub'),
    patience: patienceOf(env.HF_HUB_DOWNLOAD_TIMEOUT),
    offline: isOn(env.HF_HUB_OFFLINE) || isOn(env.TRANSFORMERS_OFFLINE),
  }
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw new UsageError(`HF_ENDPOINT is '${text}': it must be an address such as ${PUBLIC_HUB}`)
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

/** More than huggingface_hub's 10 s: whole bundles are at stake. */
const PATIENCE = 30_000

function patienceOf(seconds: string | undefined): number {
  const patience = Number(seconds) * 1000
  return patience > 0 && Number.isFinite(patience) ? patience : PATIENCE
}

function tokenOf(env: Environment, home: string): string | null {
  const given = env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN
  return cleaned(given) ?? cleaned(readIfThere(env.HF_TOKEN_PATH || path.join(home, 'token')))
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Files and shells leave line breaks behind. */
function cleaned(token: string | undefined): string | null {
  return token?.trim() || null
}

function isOn(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '')
}
