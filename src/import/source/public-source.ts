import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { loadBuiltIn } from '../../../providers/index.js'
import type { Provider, ProviderPlugin } from '../../../providers/provider.js'
import { displayName, isWithin, joinName, type Name } from '../../../records/rr/name.js'
import type { Connected } from '../../connect/connect.js'
import { type MailInDns, type ObserveRun, observeMail } from '../../observe/observe-mail.js'
import { type Problem, SpecErrors, unplaced } from '../../problem.js'
import { count } from '../../render/words.js'
import { aboutOperators, providersOf } from './operator-draft.js'
import type { ProviderDraft, Source } from './source.js'

/**
 * Public DNS as a source: what everybody can see of the domains. It names the provider that its name servers belong to, which a
 * plan then reads. Throws {@link SpecErrors} with every domain that does not exist.
 *
 * @param resolver the one that was named: a provider that is read by asking DNS goes on asking it
 */
export async function publicSource(
  dns: PublicDns,
  domains: readonly Name[],
  run: ObserveRun,
  resolver?: string,
): Promise<Source> {
  const seen = await observeMail(dns, domains, run)
  if (seen.missing.length > 0) throw new SpecErrors(seen.missing.map(noSuchDomain))
  const providers = providersOf(seen, resolver)
  const drafts = [...new Map([...providers.values()].map((draft) => [draft.name, draft])).values()]
  const provider = { ...seenProvider(seen), close: async () => dns.close() }
  const connected = await Promise.all(
    drafts.map(async (draft) => ({
      name: draft.name,
      plugin: (await loadBuiltIn(draft.class)) as ProviderPlugin,
      provider,
    })),
  )
  return {
    provider: drafts[0] as ProviderDraft,
    connected: connected[0] as Connected,
    ...(drafts.length > 1 && {
      several: { drafts, connected, targetsOf: (zone: Name) => [providers.get(zone)?.name ?? []].flat(), zones: [] },
    }),
    origin: 'public DNS',
    notes: [
      `DNS answers for names, and lists none: ${count(seen.asked, 'question')} were asked. A record with a name that was not asked for is not told here, and stays as it is. ${aboutSelectors(seen)}`,
      ...aboutOperators(seen),
      ...aboutPointers(seen),
      ...unguessed(seen),
      ...seen.remarks,
    ],
    limits: [
      `Read from public DNS, which answers for names and lists none: ${count(seen.asked, 'question')} were asked, and records with other names are not told.`,
      drafts.every((draft) => draft.class === 'manual')
        ? `A zone file is whole: where the provider gives you one, \`mailsync import ${domains.map(displayName).join(' ')} --zone-file FILE\`.`
        : `A provider as source is whole: fill in \`providers\` in the spec, then \`mailsync import ${domains.map(displayName).join(' ')} --config FILE --provider ${drafts.length === 1 ? drafts[0]?.name : 'NAME'}\`.`,
      ...unguessed(seen),
      ...seen.remarks,
    ],
    seeds: [],
  }
}

/** What was seen, as a provider that can be read. */
export function seenProvider({ zones }: MailInDns): Provider {
  return {
    zones: async () => [...zones.keys()],
    read: async (zone) => zones.get(zone)?.rrsets ?? [],
    write: async () => ({ applied: [] }),
  }
}

export function noSuchDomain(domain: Name): Problem {
  return unplaced(
    'import-zone',
    `${displayName(domain)} is not in DNS: its name servers say that there is no such name`,
    'check the spelling; a domain that is new is in DNS once it is delegated',
  )
}

function aboutSelectors({ selectors: { common, monthly } }: MailInDns): string {
  return `DKIM keys were looked for at the selectors ${common.join(', ')}; and at those that name a month, from ${monthly[0]} back to ${monthly.at(-1)}.`
}

function aboutPointers({ pointers }: MailInDns): string[] {
  const told = pointers.map(({ address, names }) =>
    names === undefined
      ? `${address} (not looked up)`
      : `${address} ${names.length === 0 ? 'has none' : `leads to ${names.map(displayName).join(' and ')}`}`,
  )
  return told.length === 0 ? [] : [`PTR as it is now: ${told.join(', ')}.`]
}

/** Domains that have keys, none of them at a selector that was tried. */
function unguessed({ withKeys, zones }: MailInDns): string[] {
  const rrsets = [...zones.values()].flatMap((zone) => zone.rrsets)
  return withKeys
    .map((domain) => joinName('_domainkey', domain))
    .filter((folder) => !rrsets.some(({ name }) => name !== folder && isWithin(name, folder)))
    .map((folder) => `${folder} has names below it, DKIM keys most likely, but none at a selector that was tried`)
}
