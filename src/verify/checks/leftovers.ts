import { relays } from '../../../records/relays/index.js'
import type { Relay } from '../../../records/relays/relay.js'
import { isWithin, joinName, type Name, withoutDot } from '../../../records/rr/name.js'
import { type Check, judge, ofDomain } from '../check.js'
import type { CheckedDomain } from '../scope.js'
import type { World } from '../world.js'

/** Names below a domain that mail services have CNAMEs at. */
const LABELS: readonly string[] = [
  ...new Set([
    'autodiscover',
    'autoconfig',
    ...relays.flatMap(({ names, dkim }) => [
      ...names.map(({ label }) => label),
      ...dkim.flat().flatMap((key) => ('cname' in key ? [`${key.selector}._domainkey`] : [])),
    ]),
  ]),
].filter((label) => !label.includes('{'))

/** CNAMEs that a service before left behind: they lead to nothing, or to a service that the spec does not name. */
export async function checkLeftovers({ name, spec, keys }: CheckedDomain, world: World): Promise<Check[]> {
  const own = new Set(keys.filter(({ wanted }) => wanted).map(({ selector }) => `${selector}._domainkey`))
  const labels = LABELS.filter((label) => !own.has(label))
  const found = await Promise.all(labels.map((label) => checkName(name, joinName(label, name), spec, world)))
  return found.flat()
}

async function checkName(domain: Name, at: Name, spec: CheckedDomain['spec'], { dns }: World): Promise<Check[]> {
  const { said } = await dns.everywhere({ name: at, type: 'CNAME' })
  const [{ outcome } = {}] = said
  // What a wildcard makes is there for names in general, and nobody left it behind.
  if (outcome?.kind !== 'rrset' || outcome.rrset.type !== 'CNAME' || outcome.synthesized) return []
  const target = outcome.rrset.rdata[0] as Name
  const { warn } = judge('leftover', ofDomain(domain), `${at} CNAME`)
  const looks = await Promise.all([dns.look(target, 'A'), dns.look(target, 'TXT')])
  if (looks.every(({ kind }) => kind === 'nxdomain'))
    return [
      warn(
        `it leads to ${withoutDot(target)}, which is not there: whoever gets that name answers for yours`,
        'take the CNAME away, if that service is no longer used',
      ),
    ]
  const relay = relays.find((one) => isOf(one, target))
  if (!spec || !relay || spec.relays.some((use) => use.relay === relay.name) || isNamed(spec, target)) return []
  return [
    warn(
      `it leads to ${relay.title}, which the spec does not name for this domain`,
      `take the CNAME away, or name ${relay.name} under relays`,
    ),
  ]
}

function isOf({ servers }: Relay, target: Name): boolean {
  return servers.some((server) => isWithin(target, `${server}.` as Name))
}

/** Whether the spec itself leads there. */
function isNamed({ clients, relays: used }: NonNullable<CheckedDomain['spec']>, target: Name): boolean {
  const ofClients = clients === false ? [] : [clients.autoconfig, clients.autodiscover?.cname, clients.pacc]
  return (
    ofClients.includes(target) ||
    used.some(({ aliases }) => aliases.some((alias) => Object.values(alias).includes(target)))
  )
}
