import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { loadBuiltIn } from '../../../providers/index.js'
import type { Provider } from '../../../providers/provider.js'
import yaml from '../../../providers/yaml/index.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { type DnsOperator, operatorsOf, soleOperator } from '../../observe/dns-operators.js'
import { type MailInDns, type ObserveRun, observeMail } from '../../observe/observe-mail.js'
import { SpecErrors } from '../../problem.js'
import { count } from '../../render/words.js'
import type { ProviderDraft } from '../draft/draft.js'
import type { Source } from './source.js'

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
  const nameServers = [...new Set([...seen.zones.values()].flatMap((zone) => zone.nameServers))]
  const operator = soleOperator(nameServers)
  const provider = operatorDraft(operator, resolver)
  return {
    provider,
    connected: {
      name: provider.name,
      plugin: (await loadBuiltIn(provider.class)) ?? yaml,
      provider: { ...seenProvider(seen), close: async () => dns.close() },
    },
    origin: 'public DNS',
    notes: [
      `DNS answers for names, and lists none: ${count(seen.asked, 'question')} were asked. A record with a name that was not asked for is not told here, and stays as it is. ${aboutSelectors(seen)}`,
      aboutOperator(nameServers),
      ...aboutPointers(seen),
      ...seen.remarks,
    ],
    limits: [
      `Read from public DNS, which answers for names and lists none: ${count(seen.asked, 'question')} were asked, and records with other names are not told.`,
      `A provider as source is whole: fill in \`providers\` in the spec, then \`mailsync import ${domains.map(displayName).join(' ')} --config FILE --provider ${provider.name}\`.`,
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

export function noSuchDomain(domain: Name): SpecErrors['problems'][number] {
  return {
    rule: 'import-zone',
    severity: 'error',
    message: `${displayName(domain)} is not in DNS: its name servers say that there is no such name`,
    hint: 'check the spelling; a domain that is new is in DNS once it is delegated',
  }
}

/** The provider to write into a spec for zones that this operator serves; a person does it where nobody is known. */
export function operatorDraft(operator: DnsOperator | undefined, resolver?: string): ProviderDraft {
  const draft = (type: string, options: ProviderDraft['options'] = {}): ProviderDraft => ({
    name: 'dns',
    class: type,
    options,
    remarks: [],
  })
  if (operator?.octodns) {
    const { class: className, package: distribution, options } = operator.octodns
    const prefix = distribution.replace(/^octodns-/, '').toUpperCase()
    const variables = options.map((option) => [option, `env/${prefix}_${option.toUpperCase()}`] as const)
    return draft('octodns', { provider: { class: className, ...Object.fromEntries(variables) } })
  }
  switch (operator?.class) {
    case 'cloudflare':
      return draft('cloudflare', { token: 'env/CLOUDFLARE_API_TOKEN' })
    case 'hetzner':
      return draft('hetzner', { token: 'env/HCLOUD_TOKEN' })
    case 'route53':
      return draft('route53')
    default:
      return draft('manual', resolver === undefined ? {} : { resolver })
  }
}

function aboutOperator(nameServers: readonly Name[]): string {
  const servers = nameServers.map(displayName).join(', ')
  const operators = operatorsOf(nameServers)
  const titles = operators.map((operator) => operator?.title ?? 'somebody whom mailsync does not know')
  const about = `${servers} are run by ${titles.join(' and ')}`
  const [operator] = operators
  if (operators.length === 1 && operator?.octodns)
    return `${about}, which octoDNS writes to: \`pip install ${operator.octodns.package}\`, and set the variables below.`
  if (operators.length === 1 && operator && operator.class !== 'manual') return `${about}.`
  return `${about}: with \`manual\` mailsync says what to enter there. Where an adapter serves them, name it in its place; \`mailsync providers\` lists them.`
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
