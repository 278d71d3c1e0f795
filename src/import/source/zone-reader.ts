import type { Provider } from '../../../providers/provider.js'
import { MailsyncError } from '../../../records/error.js'
import { labelsOf, type Name, parentOf, zoneOf } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'

/** What a server says about zones it does not have, or does not give to this key. */
const NOT_HERE: readonly string[] = ['zone-not-found', 'permission', 'rejected', 'authentication']

/**
 * Finds and reads zones at a provider, each once. Where the provider cannot list its zones, a name's zone is found by reading:
 * the name itself, then its parents.
 */
export class ZoneReader {
  /** Why zones that were tried could not be read; by zone. */
  readonly refusals = new Map<Name, MailsyncError>()
  readonly #provider: Provider
  readonly #listed: ReadonlyMap<Name, true> | undefined
  readonly #signal: AbortSignal
  readonly #reads = new Map<Name, Promise<readonly AnyRRset[] | undefined>>()

  constructor(provider: Provider, listed: readonly Name[] | undefined, signal: AbortSignal) {
    this.#provider = provider
    this.#listed = listed && new Map(listed.map((zone) => [zone, true]))
    this.#signal = signal
  }

  /** The zones the provider lists; undefined where it cannot. */
  get listed(): readonly Name[] | undefined {
    return this.#listed && [...this.#listed.keys()]
  }

  /** The zone that holds a name, with what is in it. Where they cannot be listed, zones of fewer labels than `least` are not tried. */
  async zoneFor(name: Name, least = 1): Promise<readonly [Name, readonly AnyRRset[]] | undefined> {
    if (this.#listed) {
      const zone = zoneOf(name, this.#listed)
      return zone === undefined ? undefined : [zone, await this.#readListed(zone)]
    }
    for (let zone = name; labelsOf(zone).length >= least; zone = parentOf(zone)) {
      const rrsets = await this.tryZone(zone)
      if (rrsets) return [zone, rrsets]
    }
    return undefined
  }

  /** What a zone holds; undefined where the provider does not have it, or does not give it away. */
  tryZone(zone: Name): Promise<readonly AnyRRset[] | undefined> {
    const begun = this.#reads.get(zone) ?? this.#attempt(zone)
    this.#reads.set(zone, begun)
    return begun
  }

  async #readListed(zone: Name): Promise<readonly AnyRRset[]> {
    const rrsets = await this.tryZone(zone)
    if (rrsets) return rrsets
    throw (
      this.refusals.get(zone) ?? new MailsyncError('zone-not-found', `the zone ${zone} is listed, and cannot be read`)
    )
  }

  async #attempt(zone: Name): Promise<readonly AnyRRset[] | undefined> {
    try {
      return await this.#provider.read(zone, this.#signal)
    } catch (error) {
      if (!(error instanceof MailsyncError) || !NOT_HERE.includes(error.code)) throw error
      this.refusals.set(zone, error.at({ zone }))
      return undefined
    }
  }
}
