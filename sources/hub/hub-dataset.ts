import { readFileSync } from 'node:fs'
import path from 'node:path'
import { SourceError } from '../../pipeline/errors.ts'
import { type CachedSnapshot, cachedFile, filesOf, findSnapshot } from './cached-snapshot.ts'
import { CARD, cardFiles } from './card-files.ts'
import type { HttpClient } from './http-client.ts'
import { HubApi, type HubEntry } from './hub-api.ts'
import { HubFile } from './hub-file.ts'
import { type HubUri, hubFileUri } from './hub-uri.ts'
import { resolveFile } from './resolved-file.ts'

/** A file of a dataset at one commit. */
export interface DatasetFile extends HubEntry {
  readonly repository: string
  readonly commit: string
  /** `hf://datasets/…@commit/path`: the same wherever the bytes come from */
  readonly uri: string
  /** where the local cache has it; null where it is only on the Hub */
  readonly onDisk: string | null
}

/**
 * The files that a URI stands for, in the order of their paths, at the commit that its revision stands for now. Those
 * that the local cache holds of this commit are taken from there; offline, only those are. Throws SourceError when
 * nothing is found.
 */
export async function listDataset(
  http: HttpClient,
  uri: HubUri,
  signal: AbortSignal,
): Promise<DatasetFile[]> {
  const { repository, revision, pattern, selection } = uri
  const { offline, cache } = http.settings
  const { commit, entries, snapshot } = offline
    ? listOffline(cache, uri)
    : await listOnline(new HubApi(http, signal), cache, uri)
  const fileOf = (entry: HubEntry): DatasetFile => ({
    ...entry,
    repository,
    commit,
    uri: hubFileUri(repository, commit, entry.path),
    onDisk: snapshot && cachedFile(snapshot, entry),
  })
  const card = selection && entries.find((entry) => entry.path === CARD)
  const isSelected =
    selection === null
      ? () => true
      : cardFiles(card ? await readCard(http, fileOf(card), signal) : '', selection, repository)
  const found = entries
    .filter((entry) => matches(entry.path, pattern) && isSelected(entry.path))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
  if (found.length === 0)
    throw new SourceError(
      `${pattern === '' ? 'the dataset' : pattern} holds no files${selection ? ' of what was selected' : ''} in ${repository} at ${revision ?? commit}: give a file, a folder or a glob`,
      { where: { file: hubFileUri(repository, commit, pattern) } },
    )
  return found.map(fileOf)
}

/** A card is a page to read: of a longer one only the beginning matters. */
const CARD_BYTES = 1 << 20

async function readCard(http: HttpClient, card: DatasetFile, signal: AbortSignal): Promise<string> {
  if (card.onDisk !== null) return readFileSync(card.onDisk, 'utf8')
  const file = await resolveFile(http, card, card, signal)
  const bytes = new HubFile({ http, file, sha256: card.sha256, signal }).read(
    0,
    Math.min(file.size, CARD_BYTES),
  )
  return (await bytes).toString('utf8')
}

interface Listing {
  readonly commit: string
  readonly entries: readonly HubEntry[]
  readonly snapshot: CachedSnapshot | null
}

async function listOnline(
  api: HubApi,
  cache: string,
  { repository, revision, pattern, selection }: HubUri,
): Promise<Listing> {
  const commit = await api.commitOf(repository, revision)
  // The card lies above everything.
  const folder = selection ? '' : fixedFolder(pattern)
  let entries = await api.files(repository, commit, folder)
  // A pattern without a glob may name a file, and that has no files below it.
  if (entries.length === 0 && folder === pattern && folder !== '')
    entries = await api.files(repository, commit, parentOf(folder))
  return { commit, entries, snapshot: findSnapshot(cache, repository, commit) }
}

function listOffline(cache: string, { repository, revision }: HubUri): Listing {
  const snapshot = findSnapshot(cache, repository, revision)
  if (!snapshot)
    throw new SourceError(
      `${repository} at ${revision ?? 'main'} is not in the cache ${cache}, and HF_HUB_OFFLINE keeps us from the Hub: fetch it first, or go online`,
      { where: { file: repository } },
    )
  const entries = filesOf(snapshot).map((file) => ({ ...file, sha256: null, gitSha1: null }))
  return { commit: snapshot.commit, entries, snapshot }
}

/** Hidden files are read only when a pattern names them. */
function matches(file: string, pattern: string): boolean {
  if (file === pattern) return true
  if (file.split('/').some((part) => part.startsWith('.'))) return false
  return pattern === '' || file.startsWith(`${pattern}/`) || path.posix.matchesGlob(file, pattern)
}

const GLOB = /[*?[\]{}!]/

/** The folder that all matches of a pattern lie in. */
function fixedFolder(pattern: string): string {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => GLOB.test(part))
  return (first < 0 ? parts : parts.slice(0, first)).join('/')
}

function parentOf(folder: string): string {
  return folder.includes('/') ? path.posix.dirname(folder) : ''
}
