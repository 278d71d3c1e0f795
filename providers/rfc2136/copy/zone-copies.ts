import { createHash } from 'node:crypto'
import { statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Name } from '../../../records/rr/name.js'
import { isSerialTrusted } from '../../dns/serial.js'
import { type DnsServer, serverText } from '../../dns/server.js'
import { draftOf } from '../../files/draft.js'
import { fileError, unlessAbsent } from '../../files/file-error.js'
import { assertNotLedOut } from '../../files/inside.js'
import { leftoversIn } from '../../files/leftovers.js'
import { FILE_LIMITS, readIfThere } from '../../files/read-file.js'
import { makeFolder, replacePassing } from '../../files/write-file.js'
import { copyText, readCopy } from './copy-text.js'
import type { ZoneCopy } from './zone-copy.js'

/** Copies of the zones of one server, a file each. */
export interface ZoneCopies {
  /** Seconds since 1970. */
  readonly now: () => number
  /** Undefined where there is none that can be used, or the zone is to be read whole again. */
  find(zone: Name): ZoneCopy | undefined
  save(zone: Name, copy: ZoneCopy): void
  drop(zone: Name): void
}

/** Older than this, a draft was left by a run that was killed. */
const STALE_MS = 3_600_000

/**
 * The copies in a folder, which is made where it is missing. Throws {@link MailsyncError} `io` where it cannot be.
 *
 * @param folder absolute
 * @param within of `ConnectContext`
 */
export async function zoneCopies(
  folder: string,
  server: DnsServer,
  within: string | undefined,
  now: ZoneCopies['now'] = () => Math.floor(Date.now() / 1000),
): Promise<ZoneCopies> {
  const told = <Result>(file: string, work: () => Result): Result => {
    try {
      if (within !== undefined) assertNotLedOut(within, file)
      return work()
    } catch (error) {
      throw fileError(error, file)
    }
  }
  told(folder, () => makeFolder(folder))
  for (const name of await leftoversIn(folder)) if (draftOf(name) !== undefined) removeStale(join(folder, name))
  const fileOf = (zone: Name): string => join(folder, fileName(zone, digestOf(zone, server)))
  return {
    now,
    find: (zone) => {
      const file = fileOf(zone)
      const octets = told(file, () => readIfThere(file, FILE_LIMITS.zoneCopy))
      const copy = octets && readCopy(octets.toString('utf8'), { zone, server })
      return copy && isSerialTrusted(copy.wholeAt, now(), digestOf(zone, server)) ? copy : undefined
    },
    save: (zone, copy) => {
      const file = fileOf(zone)
      told(file, () => replacePassing(file, copyText(copy, { zone, server }), 0o600))
    },
    drop: (zone) => {
      const file = fileOf(zone)
      told(file, () => remove(file))
    },
  }
}

/** Of a zone, as a server shows it to a key. */
function digestOf(zone: Name, server: DnsServer): string {
  const source = [zone, serverText(server), server.key?.name ?? ''].join('\n')
  return createHash('sha256').update(source).digest('hex').slice(0, 16)
}

/** Names are no paths: what is not plain is told by the digest alone. */
function fileName(zone: Name, digest: string): string {
  return `${/^[a-z0-9][a-z0-9._-]{0,150}\.$/.test(zone) ? zone : 'zone.'}${digest}.copy`
}

function removeStale(file: string): void {
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  if (touched !== undefined && Date.now() - touched > STALE_MS) remove(file)
}

function remove(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    unlessAbsent(error)
  }
}
