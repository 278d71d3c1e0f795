import { groupBy } from '../../../records/group.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { type DnsOperator, operatorsOf, soleOperator } from '../../observe/dns-operators.js'
import type { MailInDns } from '../../observe/observe-mail.js'
import { variableFor } from './provider-draft.js'
import type { ProviderDraft } from './source.js'

/**
 * The provider to write into a spec for zones that this operator serves; a person does it where nobody is known.
 *
 * @param resolver the one that was named: a provider that is read by asking DNS goes on asking it
 */
export function operatorDraft(operator: DnsOperator | undefined, resolver?: string): ProviderDraft {
  const draft = (name: string, type: string, options: ProviderDraft['options'] = {}): ProviderDraft => ({
    name,
    class: type,
    options,
    remarks: [],
  })
  if (operator?.octodns) {
    const { class: className, package: distribution, options } = operator.octodns
    const prefix = distribution.replace(/^octodns-/, '')
    const variables = options.map((option) => [option, `env/${`${prefix}_${option}`.toUpperCase()}`] as const)
    return draft(prefix, 'octodns', { provider: { class: className, ...Object.fromEntries(variables) } })
  }
  switch (operator?.class) {
    case 'cloudflare':
    case 'hetzner':
      return draft(operator.class, operator.class, { token: `env/${variableFor(operator.class, 'token')}` })
    case 'route53':
      return draft('route53', 'route53')
    default:
      return draft('manual', 'manual', resolver === undefined ? {} : { resolver })
  }
}

/** The provider of each zone; those that are written alike are one, and where there is one only it is called `dns`. */
export function providersOf({ zones }: MailInDns, resolver: string | undefined): Map<Name, ProviderDraft> {
  const drafts = new Map<string, ProviderDraft>()
  for (const { nameServers } of zones.values()) {
    const draft = operatorDraft(soleOperator(nameServers), resolver)
    drafts.set(draft.name, draft)
  }
  const [only, ...others] = drafts.values()
  if (only && others.length === 0) return new Map([...zones.keys()].map((zone) => [zone, { ...only, name: 'dns' }]))
  return new Map(
    [...zones].map(([zone, { nameServers }]) => {
      const { name } = operatorDraft(soleOperator(nameServers), resolver)
      return [zone, drafts.get(name) as ProviderDraft]
    }),
  )
}

/** Who runs the name servers of the zones, a sentence for each set of them. */
export function aboutOperators({ zones }: MailInDns): string[] {
  const groups = groupBy(zones, ([, { nameServers }]) => [...nameServers].sort().join(' '))
  return [...groups.values()].map((group) => {
    const names = group.map(([zone]) => displayName(zone)).join(' and ')
    return `${names}: ${aboutServers([...(group[0]?.[1].nameServers ?? [])].sort())}`
  })
}

function aboutServers(nameServers: readonly Name[]): string {
  const servers = nameServers.map(displayName).join(', ')
  const operators = operatorsOf(nameServers)
  const titles = operators.map((operator) => operator?.title ?? 'somebody whom mailsync does not know')
  const about = `${servers} are run by ${titles.join(' and ')}`
  const operator = soleOperator(nameServers)
  if (operator?.octodns)
    return `${about}, which octoDNS writes to: \`pip install octodns ${operator.octodns.package}\`, and set the variables below.`
  if (operator && operator.class !== 'manual') return `${about}.`
  return `${about}: with \`manual\` mailsync says what to enter there. Where an adapter serves them, name it in its place; \`mailsync providers\` lists them.`
}
