import { basename, resolve } from 'node:path'
import type { Provider } from '../../../providers/provider.js'
import { MailsyncError } from '../../../records/error.js'
import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { compareNames, joinName, type Name, parseHostname } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { type Place, prepareOne } from '../../connect/check/prepare-one.js'
import type { Connected } from '../../connect/connect.js'
import { each } from '../source/each.js'
import { draftProvider } from '../source/provider-draft.js'
import { moved, relativePath } from '../source/provider-source.js'
import type { ProviderDraft, Source } from '../source/source.js'
import { type ListedZones, listZones } from './listed-zones.js'
import { takeProvider, variablePrefix } from './native-class.js'
import { type OctodnsConfig, readOctodnsConfig } from './octodns-config.js'

const BOTH_WRITE =
  'octodns-sync deletes what its own zone files lack: the records that mailsync writes as well, and its memory at _mailsync. Before both write a zone, have octoDNS leave these alone (its processors), or take the zone out of its config.'

/**
 * The zones of an octoDNS config, at their targets; where no domains are asked for, those that have mail in them. Of several
 * targets the first is read.
 */
export async function octodnsSource(
  file: string,
  asked: readonly Name[],
  { python: named, ...place }: Place & { readonly python?: string | undefined },
): Promise<Source> {
  const config = await readOctodnsConfig(file)
  const python = named?.includes('/') ? relativePath(place.directory, resolve(named)) : named
  const takeAll = (given: OctodnsConfig['targets']): Promise<Taken[]> =>
    Promise.all([...given].map(([name, one]) => take(name, one, python, place.directory)))
  const [taken, sources] = await Promise.all([takeAll(config.targets), takeAll(config.sources)])
  const connected = new Map<string, Connected>()
  const connect = async (one: Taken): Promise<Connected> => (await prepareOne(one, place)).connect()
  const listing = new Map<string, Promise<Connected>>()
  const providerAt = async (name: string): Promise<Provider> => {
    const target = connected.get(name)
    if (target) return target.provider
    const source = sources.find((one) => one.name === name)
    if (!source) throw new MailsyncError('usage', `the octoDNS config has no provider ${name}`)
    const begun = listing.get(name) ?? connect(source)
    listing.set(name, begun)
    return (await begun).provider
  }
  try {
    for (const one of taken) connected.set(one.name, await connect(one))
    const never = new AbortController().signal
    const listed = await listZones(config, providerAt, never)
    const provider = together(listed.zones, connected)
    const zones = await provider.zones(never)
    const domains = asked.length > 0 ? asked : await domainsIn(zones, provider, never)
    const drafts = taken.map((one) => draftOf(one, connected.get(one.name) as Connected))
    const [first] = drafts
    const [one] = connected.values()
    if (!first || !one) throw new MailsyncError('usage', `${file} has no zone with a target`)
    return {
      provider: first,
      connected: { ...one, provider },
      several: {
        drafts,
        connected: [...connected.values()],
        targetsOf: (zone) => listed.zones.get(zone) ?? [],
        zones: asked.length > 0 ? [] : zones,
      },
      domains,
      origin: `the octoDNS config ${basename(file)}`,
      notes: [BOTH_WRITE, ...leftOut(taken), ...listed.notes],
      seeds: [],
    }
  } catch (error) {
    await Promise.all([...connected.values()].map((one) => one.provider.close?.()))
    throw error
  } finally {
    const opened = await Promise.allSettled(listing.values())
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.provider.close?.() : undefined)))
  }
}

async function take(
  name: string,
  given: { readonly class: string; readonly options: Readonly<Record<string, unknown>> },
  python: string | undefined,
  directory: string,
): Promise<Taken> {
  const { left, ...provider } = await takeProvider(given.class, given.options, python)
  const { type, options } = moved(provider.class, provider.options, process.cwd(), directory)
  return { name, type, options, left, className: given.class }
}

interface Taken {
  readonly name: string
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly left: readonly string[]
  readonly className: string
}

function draftOf({ name, type, options, className }: Taken, { plugin }: Connected): ProviderDraft {
  const secret = plugin.optionDocs.flatMap((option) => (option.secret === true ? option.name : []))
  if (type !== 'octodns') return draftProvider(name, type, options, secret)
  const { provider, ...others } = options
  const block = draftProvider(name, variablePrefix(className), provider as Readonly<Record<string, unknown>>)
  return {
    ...block,
    class: type,
    options: { ...others, provider: block.options },
    remarks: block.remarks.map((one) => ({ ...one, key: 'provider' })),
  }
}

function leftOut(taken: readonly Taken[]): string[] {
  return taken.flatMap(({ name, type, left }) =>
    left.length === 0 ? [] : [`Options of ${name} that class ${type} does not have are left out: ${left.join(', ')}.`],
  )
}

/** All targets as one provider. Each zone is read once, at its first target. */
function together(zones: ListedZones['zones'], connected: ReadonlyMap<string, Connected>): Provider {
  const reads = new Map<Name, Promise<readonly AnyRRset[]>>()
  const read = async (zone: Name, signal: AbortSignal): Promise<readonly AnyRRset[]> => {
    const target = connected.get(zones.get(zone)?.[0] ?? '')
    if (target === undefined) throw new MailsyncError('zone-not-found', `the octoDNS config has no zone ${zone}`)
    try {
      return await target.provider.read(zone, signal)
    } catch (error) {
      throw error instanceof MailsyncError ? error.at({ zone, provider: target.name }) : error
    }
  }
  return {
    zones: async () => [...zones.keys()],
    read: (zone, signal) => {
      const begun = reads.get(zone) ?? read(zone, signal)
      reads.set(zone, begun)
      return begun
    },
    write: async () => ({ applied: [] }),
    close: async () => {
      await Promise.all([...connected.values()].map(({ provider }) => provider.close?.()))
    },
  }
}

/** The names in these zones that receive mail, or, at the top of a zone, say that they send some or none. */
async function domainsIn(zones: readonly Name[], provider: Provider, signal: AbortSignal): Promise<readonly Name[]> {
  const forward = zones.filter((zone) => !/\.(in-addr|ip6)\.arpa\.$/.test(zone))
  const found = await each(forward, async (name) => {
    const zone = zoneWith(name, await provider.read(name, signal))
    const says = zone.texts(name).some(isSpfValue) || zone.texts(joinName('_dmarc', name)).length > 0
    return [...(says ? [name] : []), ...zone.rrsets.flatMap((rrset) => (rrset.type === 'MX' ? rrset.name : []))]
  })
  const domains = [...new Set(found.flat())].filter((name) => typeof parseHostname(name) === 'string')
  if (domains.length > 0) return domains.sort(compareNames)
  throw new MailsyncError('usage', 'no zone of this octoDNS config has MX, SPF or DMARC in it', {
    hint: 'name the domains to import',
  })
}
