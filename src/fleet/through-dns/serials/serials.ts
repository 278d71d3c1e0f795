import { basename, dirname, join, resolve } from 'node:path'
import { isSerialTrusted } from '../../../../providers/dns/serial.js'
import { fileError } from '../../../../providers/files/file-error.js'
import { withLock } from '../../../../providers/files/lock.js'
import { behindLinks, makeFolder, removeDrafts, replaceFile } from '../../../../providers/files/write-file.js'
import { instantText } from '../../../instant.js'
import type { ZoneTask } from '../../../plan/zones/task.js'
import { readSerials, type SeenZone, type SeenZones, serialsText } from './serial-file.js'
import { wantedDigest } from './wanted-digest.js'

/** The serials that zones had when they were as wanted, kept in a file from run to run. */
export interface Serials {
  /** The serials by server that say that nothing has changed since; undefined where the zone has to be looked at anew. */
  known(task: ZoneTask): Readonly<Record<string, number>> | undefined
  /** Remembers that a zone is as wanted; the serials were asked for before. */
  keep(task: ZoneTask, serials: Readonly<Record<string, number>>): void
  /** Forgets a zone that is not, or is not known to be. */
  forget(task: ZoneTask): void
  /** Writes the file, under a lock; what other runs wrote meanwhile about other zones stays. Throws `io`. */
  save(signal: AbortSignal): Promise<void>
}

export interface SerialsOptions {
  readonly file: string
  /** Seconds since 1970. */
  readonly now: number
  /** Whether the spec has a zone at a provider; what else the file has is dropped. */
  readonly isDeclared: (zone: string, provider: string) => boolean
  /** Plain data that says at which servers a zone is: serials of other ones say nothing about these. */
  readonly placeOf: (task: ZoneTask) => unknown
}

/** Throws `io` where the file is none of ours. */
export function serialsIn({ file, now, isDeclared, placeOf }: SerialsOptions): Serials {
  const before = read(file)
  const kept = new Map<string, SeenZone | undefined>()
  return {
    known: (task) => {
      const seen = before.get(keyOf(task))
      if (seen === undefined || !isSerialTrusted(Date.parse(seen.seen) / 1000, now, seen.wanted)) return undefined
      return seen.wanted === wantedDigest(task, placeOf(task)) ? seen.serials : undefined
    },
    keep: (task, serials) => {
      kept.set(keyOf(task), { wanted: wantedDigest(task, placeOf(task)), seen: instantText(now), serials })
    },
    forget: (task) => {
      if (before.has(keyOf(task))) kept.set(keyOf(task), undefined)
    },
    save: async (signal) => {
      try {
        await replaced(resolve(file), signal, (now) => [...now, ...kept].filter(([key]) => isDeclaredKey(key)))
      } catch (error) {
        throw fileError(error, file)
      }
    },
  }

  function isDeclaredKey(key: string): boolean {
    const border = key.indexOf(' ')
    return isDeclared(key.slice(0, border), key.slice(border + 1))
  }
}

function read(file: string): SeenZones {
  try {
    return readSerials(file)
  } catch (error) {
    throw fileError(error, file)
  }
}

function keyOf({ zone, connected }: ZoneTask): string {
  return `${zone} ${connected.name}`
}

type Entries = Iterable<readonly [string, SeenZone | undefined]>

async function replaced(
  path: string,
  signal: AbortSignal,
  edit: (now: ReadonlyMap<string, SeenZone>) => Entries,
): Promise<void> {
  const file = behindLinks(path)
  const folder = dirname(file)
  makeFolder(folder)
  await withLock(join(folder, `.${basename(file)}.lock`), { signal }, async (lock) => {
    removeDrafts(folder, lock.leftovers, (name) => name === basename(file))
    const now = readSerials(file)
    const after = new Map(edit(now))
    const left = new Map([...after].flatMap(([key, seen]) => (seen ? [[key, seen] as const] : [])))
    const text = serialsText(left)
    if (text === serialsText(now)) return
    await lock.assertHeld()
    await replaceFile(file, text)
  })
}
