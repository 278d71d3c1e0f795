import type { Provider } from '../../../providers/provider.js'
import { MailsyncError } from '../../../records/error.js'
import { compareNames, type Name } from '../../../records/rr/name.js'
import type { DynamicZones, OctodnsConfig } from './octodns-config.js'

/** The zones of a config, each with its targets, and what is to be said of how they were found. */
export interface ListedZones {
  readonly zones: ReadonlyMap<Name, readonly string[]>
  readonly notes: readonly string[]
}

/**
 * The zones that a config names, and those that the sources of its dynamic zones list, as octoDNS finds them: a zone goes to
 * the first that matches. What a target has beyond them is not octoDNS's. Where a source cannot be asked, its target is, and a
 * note says so.
 *
 * @param provider connects the provider of a name; rejects with a {@link MailsyncError}
 */
export async function listZones(
  config: Pick<OctodnsConfig, 'zones' | 'dynamic'>,
  provider: (name: string) => Promise<Provider>,
  signal: AbortSignal,
): Promise<ListedZones> {
  const zones = new Map(config.zones)
  const notes: string[] = []
  const listOf = async (name: string): Promise<readonly Name[]> => (await provider(name)).zones(signal)
  for (const one of config.dynamic) {
    const listed = await Promise.all(one.sources.map(listOf)).catch(async (error: unknown) => {
      if (!(error instanceof MailsyncError)) throw error
      notes.push(inPlace(one, error))
      return Promise.all(one.targets.slice(0, 1).map(listOf))
    })
    for (const zone of listed.flat()) if (!zones.has(zone) && one.matches(zone)) zones.set(zone, one.targets)
  }
  return { zones: new Map([...zones].sort(([name], [other]) => compareNames(name, other))), notes }
}

function inPlace({ key, sources, targets }: DynamicZones, { message }: MailsyncError): string {
  return `The zones of ${key} are all that ${targets[0]} serves. octoDNS takes those that ${sources.join(' and ')} list; this cannot be asked here: ${message}.`
}
