import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, type Change, isKnown } from '../../records/rr/rrset.js'
import { zoneWith } from '../../records/rr/zone.js'
import { surpriseIn } from '../expect.js'
import { fileError, unlessAbsent } from '../files/file-error.js'
import { assertNotLedOut } from '../files/inside.js'
import { leftoversOnce } from '../files/leftovers.js'
import { readText, replaceText } from '../files/text-file.js'
import type { Provider, WriteResult, ZoneCheck } from '../provider.js'
import { writing } from '../write-batches.js'
import { type EditOptions, editZone } from './edit-zone.js'
import { readZone, rrsetsOf, type ZoneModel } from './zone-model.js'
import { zonePath, zonesIn } from './zone-paths.js'

const NEW_FILE = '---\n{}\n'

interface FolderOptions extends EditOptions {
  /** Of `ConnectContext`. */
  readonly within?: string
}

/** A folder of octoDNS zone files as a provider. */
export class ZoneFolder implements Provider {
  readonly #directory: string
  readonly #declared: ReadonlySet<Name>
  readonly #options: FolderOptions
  readonly #leftovers = leftoversOnce()

  /** `directory` is absolute; the `declared` zones exist without a file, empty. */
  constructor(directory: string, declared: readonly Name[], options: FolderOptions) {
    this.#directory = directory
    this.#declared = new Set(declared)
    this.#options = options
  }

  zones(): Promise<readonly Name[]> {
    return this.#told(() => {
      this.#assertOwn(this.#directory)
      return zonesIn(this.#directory)
    })
  }

  read(zone: Name): Promise<readonly AnyRRset[]> {
    return this.#told(async () => {
      const path = this.#pathOf(zone)
      return rrsetsOf(this.#model(zone, path, readText(path)))
    })
  }

  write(zone: Name, changes: readonly Change[], signal: AbortSignal): Promise<WriteResult> {
    return writing(zone, changes, signal, () =>
      this.#told(async () => {
        const path = this.#pathOf(zone)
        const edit = (text: string | undefined): string => {
          const model = this.#model(zone, path, text)
          const surprise = surpriseIn(changes, zoneWith(zone, [...model.rrsets.values()]))
          if (surprise) throw surprise
          return editZone(model, changes, { zone, file: path }, this.#options)
        }
        await replaceText(path, signal, edit, this.#leftovers)
        return { applied: changes }
      }),
    )
  }

  check(zone: Name): Promise<ZoneCheck> {
    return this.#told(async () => {
      const path = this.#pathOf(zone)
      const rrsets = rrsetsOf(this.#model(zone, path, readText(path)))
      const nameServers = rrsets
        .filter(isKnown)
        .flatMap((rrset) => (rrset.type === 'NS' && rrset.name === zone ? rrset.rdata : []))
      const writable = await isWritable(path)
      return {
        writable: writable ? 'yes' : 'no',
        nameServers,
        remarks: [`${path} is a file: what serves it is not known`],
      }
    })
  }

  #model(zone: Name, path: string, text = NEW_FILE): ZoneModel {
    return readZone(text, { zone, file: path }, this.#options)
  }

  #pathOf(zone: Name): string {
    const { path, exists } = zonePath(this.#directory, zone)
    this.#assertOwn(path)
    if (exists || this.#declared.has(zone)) return path
    throw new MailsyncError('zone-not-found', `there is no file for the zone ${zone}`, {
      where: { file: path, zone },
      hint: 'declare the zone with this provider as its target, or create the file',
    })
  }

  #assertOwn(path: string): void {
    if (this.#options.within !== undefined) assertNotLedOut(this.#options.within, path)
  }

  async #told<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw fileError(error, this.#directory)
    }
  }
}

/** Whether a file can be replaced; for one that is yet to come, whether its folder can be written or made. */
async function isWritable(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(unlessAbsent)
    if (!found) continue
    const places = found.isFile() ? [at, dirname(at)] : [at]
    const allowed = await Promise.allSettled(places.map((place) => access(place, constants.W_OK)))
    return allowed.every(({ status }) => status === 'fulfilled')
  }
}
