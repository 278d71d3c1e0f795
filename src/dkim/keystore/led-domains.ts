import { join } from 'node:path'
import * as z from 'zod'
import { unlessAbsent } from '../../../providers/files/file-error.js'
import { withLock } from '../../../providers/files/lock.js'
import { FILE_LIMITS } from '../../../providers/files/read-file.js'
import { makeFolder, replaceFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import type { LedDomain } from '../../../records/families/dkim/led-domain.js'
import { once } from '../../../records/once.js'
import { type Name, parseHostname, withoutDot } from '../../../records/rr/name.js'
import { instantText } from '../../instant.js'
import { jsonIn } from '../../json-in.js'
import { type SourceTree, workingTree } from '../../source-tree.js'
import { keyFiles } from './key-files.js'
import { assertNoLink } from './private/found-key.js'

/** What is known of the domains that lead to one key zone. */
export type LedDomains = ReadonlyMap<Name, LedDomain>

const file = once(() => {
  const instant = z.iso.datetime({ precision: 0 }).transform((text) => Date.parse(text) / 1000)
  return z.strictObject({
    version: z.literal(1, 'is not 1, the version this mailsync knows'),
    domains: z.record(
      z.string(),
      z.strictObject({ selectors: z.array(z.string()).min(1), visible: instant, signing: instant.optional() }),
    ),
  })
})

/** The file beside the index of a key zone that tells which domains lead there; it is committed too. */
export function ledDomainsFile(directory: string, zone: Name): string {
  return join(keyFiles(directory, zone).folder, 'domains.json')
}

/** Reads that file; no domain where there is none. Throws {@link MailsyncError} `io` for one that is malformed. */
export async function readLedDomains(
  directory: string,
  zone: Name,
  tree: SourceTree = workingTree(),
): Promise<LedDomains> {
  const path = ledDomainsFile(directory, zone)
  const text = await textOf(path, tree)
  if (text === undefined) return new Map()
  const parsed = file().safeParse(jsonIn(text))
  const fault = parsed.success
    ? Object.keys(parsed.data.domains).find((name) => typeof parseHostname(name) !== 'string')
    : parsed.error.issues.map(({ path: at, message }) => [at.join('.'), message].filter(Boolean).join(' ')).join('; ')
  if (!parsed.success || fault !== undefined)
    throw new MailsyncError('io', `${path} is malformed: ${fault}`, {
      where: { file: path },
      hint: 'restore it from git; without it `mailsync dkim rotate` looks at the domains anew, and they sign when it has seen them',
    })
  return new Map(
    Object.entries(parsed.data.domains).map(([name, seen]) => [parseHostname(name) as Name, seen] as const),
  )
}

/** Replaces it, under the lock of the key zone. */
export async function writeLedDomains(
  directory: string,
  zone: Name,
  led: LedDomains,
  signal: AbortSignal,
): Promise<void> {
  const { folder, lock } = keyFiles(directory, zone)
  makeFolder(folder)
  await assertNoLink(folder)
  await withLock(lock, { signal }, () => replaceFile(ledDomainsFile(directory, zone), formatLedDomains(led), 0o644))
}

/** A line a domain, so that a change is seen as one. */
export function formatLedDomains(led: LedDomains): string {
  const lines = [...led]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { selectors, visible, signing }]) => {
      const at = { visible: instantText(visible), ...(signing !== undefined && { signing: instantText(signing) }) }
      return `    ${JSON.stringify(withoutDot(name))}: ${JSON.stringify({ ...at, selectors })}`
    })
  return `{\n  "version": 1,\n  "domains": {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}}\n}\n`
}

async function textOf(path: string, tree: SourceTree): Promise<string | undefined> {
  try {
    return Buffer.from(await tree.read(path, FILE_LIMITS.ledDomains)).toString()
  } catch (error) {
    return unlessAbsent(error)
  }
}
