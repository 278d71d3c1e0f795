import { MailsyncError } from '../../records/error.js'
import { families } from '../../records/families/index.js'
import { displayName, isWithin, type Name, ROOT } from '../../records/rr/name.js'
import { isKnown } from '../../records/rr/rrset.js'
import { partDomains } from './draft/domains/part-domains.js'
import type { Draft } from './draft/draft.js'
import { draftSpec } from './draft/draft-config.js'
import { namesOfRelay } from './draft/draft-relays.js'
import { type RefinedDraft, refineDraft } from './refine-draft.js'
import { type Gathered, gather } from './source/gather.js'
import type { Source } from './source/source.js'
import { ZoneReader } from './source/zone-reader.js'

export interface ImportRun {
  /** Zones to look in besides, which the provider cannot be expected to find. */
  readonly also: readonly Name[]
  /** The path of the JSON Schema from the spec; undefined where there is none. */
  readonly schema: string | undefined
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
}

/** Reads what a source holds about some domains, and makes the spec that says it. Throws everything that stands in its way. */
export async function importSpec(
  domains: readonly Name[],
  source: Source,
  { also, schema, today, signal }: ImportRun,
): Promise<RefinedDraft> {
  const { connected, provider, several, origin, notes } = source
  const reader = new ZoneReader(connected.provider, await listedZones(source, signal), signal)
  const gathered = await gather(domains, also, reader)
  const all = [...domains, ...partDomains(domains, gathered)]
  const draft = { ...draftSpec(all, gathered, provider), ...(several && { several }) }
  const about = `Made by \`mailsync import\` on ${today}, from ${origin}.`
  const input = { connected: several?.connected ?? [connected], today, signal }
  return refineDraft(draft, gathered, input, {
    schema,
    head: [about, PROMISE, ...notes],
    tail: (last) => [...otherMail([...all, ...relayNames(last)], gathered), ...otherTypes(gathered)],
  })
}

const PROMISE =
  'It says what DNS holds. With it `mailsync plan` changes nothing but what is called adopted below. What a spec cannot say is told in comments, and stays in DNS as it is.'

async function listedZones({ connected }: Source, signal: AbortSignal): Promise<readonly Name[] | undefined> {
  try {
    return await connected.provider.zones(signal)
  } catch (error) {
    if (error instanceof MailsyncError && error.code === 'rejected') return undefined
    throw error
  }
}

/** Names below the domains that have records of their relays, such as the one of MAIL FROM. */
function relayNames({ domains }: Draft): Name[] {
  return [...domains.values()].flatMap(({ name, relays }) => relays.flatMap((relay) => namesOfRelay(relay, name)))
}

/** Names of the zones that have mail as well, and were not asked for. */
function otherMail(domains: readonly Name[], { holdings, own }: Gathered): string[] {
  const names = [...own].flatMap((zone) =>
    (holdings.zones.get(zone) ?? []).flatMap((rrset) =>
      isKnown(rrset) && rrset.type === 'MX' && rrset.rdata.some(({ exchange }) => exchange !== ROOT)
        ? [rrset.name]
        : [],
    ),
  )
  const others = names.filter(
    (name) => !domains.includes(name) && holdings.serves(name) && [...own].some((zone) => isWithin(name, zone)),
  )
  return others.length === 0
    ? []
    : [`These names have MX too, and were not asked for: ${others.map(displayName).join(', ')}.`]
}

/** What name servers and signers put into a zone themselves, or is the zone's own. */
const MADE = ['NS', 'SOA', 'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDNSKEY', 'CDS']
/** Types that are not told: those, and what families are written as. */
const UNTOLD: ReadonlySet<string> = new Set([...MADE, ...Object.values(families).flatMap(({ types }) => types)])
const SHOWN = 20

/** The records of the domains' zones that a spec has no words for. */
function otherTypes({ holdings, own }: Gathered): string[] {
  return [...own].flatMap((zone) => {
    const sets = (holdings.zones.get(zone) ?? []).filter(({ type }) => !UNTOLD.has(type))
    const shown = sets.slice(0, SHOWN).map(({ name, type }) => `${displayName(name)} ${type}`)
    const more = sets.length > SHOWN ? ` and ${sets.length - SHOWN} more` : ''
    return sets.length === 0
      ? []
      : [`Of types a spec has no words for, and kept as they are: ${shown.join(', ')}${more}.`]
  })
}
