import { join, relative } from 'node:path'
import { surpriseIn } from '../../../providers/expect.js'
import { fileError } from '../../../providers/files/file-error.js'
import { assertInside } from '../../../providers/files/inside.js'
import { leftoversOnce } from '../../../providers/files/leftovers.js'
import { readText, replaceText } from '../../../providers/files/text-file.js'
import type { WriteResult } from '../../../providers/provider.js'
import { writing } from '../../../providers/write-batches.js'
import { manifestRRsets, manifestsOf, readManifests } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import { type Change, canonical, keyOf, type RRset, subjectOf } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { ownedText, parseOwned } from './owned-file.js'

/**
 * Where it is remembered what mailsync owns at a provider that has no room for it. It is read and written as manifests, as a
 * zone would hold them, so that a plan compares, refuses and shows one memory as it does the other.
 */
export interface ZoneMemory {
  /** The file of a zone, relative to the spec. */
  fileOf(zone: Name): string
  /** The manifests of a zone; none where there is no file. Throws `spec` for a file that is none of ours, `io`. */
  read(zone: Name): Promise<readonly RRset[]>
  /** As `write` of a provider: takes changes of manifests. */
  write(zone: Name, changes: readonly Change[], signal: AbortSignal): Promise<WriteResult>
}

export interface MemoryPlace {
  /** Absolute folder of the spec. */
  readonly directory: string
  /** Name of the provider in the spec. */
  readonly provider: string
  /** Absolute folder of a checkout, out of which no link leads. */
  readonly within?: string | undefined
}

/** A file as it was written here, and its manifests: the same slots may be spread over other names once they are read again. */
interface Layout {
  readonly text: string
  readonly rrsets: readonly RRset[]
}

/** Of manifests that no server serves. */
const TTL = 0

/** Memory in files beside the spec, one a zone: `owned/<provider>/<zone>yaml`. */
export function memoryBesideTheSpec({ directory, provider, within }: MemoryPlace): ZoneMemory {
  const folder = join(directory, 'owned', asFolder(provider))
  const pathOf = (zone: Name): string => join(folder, `${zone}yaml`)
  const shown = (zone: Name): string => relative(directory, pathOf(zone)).replaceAll('\\', '/')
  const list = leftoversOnce()
  const layouts = new Map<Name, Layout>()
  const rrsetsOf = (text: string | undefined, zone: Name): readonly RRset[] => {
    const layout = layouts.get(zone)
    if (layout && layout.text === text) return layout.rrsets
    const owners = text === undefined ? undefined : parseOwned(text, zone, shown(zone))
    return owners ? manifestsOf(zone, owners, TTL).map((rrset) => canonical(rrset)) : []
  }
  const told = async <Result>(zone: Name, work: (path: string) => Promise<Result>): Promise<Result> => {
    const path = pathOf(zone)
    try {
      if (within !== undefined) assertInside(within, path)
      return await work(path)
    } catch (error) {
      throw fileError(error, path)
    }
  }
  return {
    fileOf: shown,
    read: (zone) => told(zone, async (path) => rrsetsOf(readText(path), zone)),
    write: (zone, changes, signal) =>
      writing(zone, changes, signal, () =>
        told(zone, async (path) => {
          const edit = (text: string | undefined): string => {
            const rrsets = changed(zone, rrsetsOf(text, zone), changes)
            const layout = { text: textOf(zone, rrsets, provider), rrsets }
            layouts.set(zone, layout)
            return layout.text
          }
          await replaceText(path, signal, edit, list)
          return { applied: changes }
        }),
      ),
  }
}

/** The manifests of a zone once changes are made; throws `stale` where they were made to something else. */
function changed(zone: Name, held: readonly RRset[], changes: readonly Change[]): RRset[] {
  const surprise = surpriseIn(changes, zoneWith(zone, held))
  if (surprise) throw surprise
  const keys = new Set(changes.map((change) => keyOf(subjectOf(change))))
  return [
    ...held.filter((rrset) => !keys.has(keyOf(rrset))),
    ...changes.flatMap((change) => (change.kind === 'delete' ? [] : [change.after])),
  ]
}

function textOf(zone: Name, rrsets: readonly RRset[], provider: string): string {
  const values = manifestRRsets(zoneWith(zone, rrsets)).flatMap(({ rdata }) => rdata)
  return ownedText(readManifests(zone, values), zone, provider)
}

/** The name of a provider as a folder's: it may be any text. */
function asFolder(provider: string): string {
  return encodeURIComponent(provider).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length))
}
