import type { Question } from '../../../providers/dns/client/answer.js'
import type { Outcome } from '../../../providers/dns/client/outcome.js'
import { relays } from '../../../records/relays/index.js'
import { relaysOfServer } from '../../../records/relays/known-by.js'
import type { Relay } from '../../../records/relays/relay.js'
import { joinName, type Name, ROOT, withoutDot } from '../../../records/rr/name.js'
import { isKnown, keyOf } from '../../../records/rr/rrset.js'
import type { Domain } from '../../../records/spec.js'
import { useOf } from '../../dmarc/reports/judge/relay-marks.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofDomain } from '../check.js'
import type { CheckedDomain } from '../subjects/scope.js'

/** Names below a domain that mail services have CNAMEs at. */
const LABELS: readonly string[] = [
  ...new Set([
    'autodiscover',
    'autoconfig',
    ...relays.flatMap(({ names, dkim, inputs }) => [
      ...names.flatMap((name) => ('cname' in name ? labelsOf(name.label, inputs) : [])),
      ...dkim.flat().flatMap((key) => ('cname' in key ? [`${key.selector}._domainkey`] : [])),
    ]),
  ]),
].filter((label) => !label.includes('{'))

/** A label; where a person chooses it, what most people have there. */
function labelsOf(label: string, inputs: Relay['inputs']): readonly string[] {
  const [, key] = /^\{(\w+)\}$/.exec(label) ?? []
  return key === undefined ? [label] : (inputs[key]?.usual ?? [])
}

/** What a service before left behind: names that lead to nothing, or to a service that the spec does not name. */
export async function checkLeftovers({ name, spec, keys }: CheckedDomain, world: World): Promise<Check[]> {
  const own = new Set(keys.filter(({ wanted }) => wanted).map(({ selector }) => `${selector}._domainkey`))
  const questions: Question[] = [
    ...LABELS.filter((label) => !own.has(label)).map((label) => ({ name: joinName(label, name), type: 'CNAME' })),
    { name: joinName('_autodiscover._tcp', name), type: 'SRV' },
  ]
  const found = await Promise.all(questions.map((question) => checkName(name, question, spec, world)))
  return found.flat()
}

async function checkName(
  domain: Name,
  question: Question,
  spec: CheckedDomain['spec'],
  { dns }: World,
): Promise<Check[]> {
  const { said } = await dns.everywhere(question)
  const targets = targetsIn(said[0]?.outcome)
  const { warn } = judge('leftover', ofDomain(domain), keyOf(question))
  const checks = targets.map(async (target): Promise<Check[]> => {
    const looks = await Promise.all([dns.look(target, 'A'), dns.look(target, 'TXT')])
    if (looks.every(({ kind }) => kind === 'nxdomain'))
      return [
        warn(
          `it leads to ${withoutDot(target)}, which is not there: whoever gets that name answers for yours`,
          `take the ${question.type} away, if that service is no longer used`,
        ),
      ]
    const known = relaysOfServer(withoutDot(target))
    const [relay] = known
    if (!spec || !relay || known.some((one) => isUsed(one, spec)) || isNamed(spec, target)) return []
    return [
      warn(
        `it leads to ${relay.title}, which the spec does not name for this domain`,
        `take the ${question.type} away, or name ${relay.name} under relays`,
      ),
    ]
  })
  return (await Promise.all(checks)).flat()
}

/** Where an answer leads. What a wildcard makes is there for names in general, and nobody left it behind. */
function targetsIn(outcome: Outcome | undefined): readonly Name[] {
  if (outcome?.kind !== 'rrset' || outcome.synthesized || !isKnown(outcome.rrset)) return []
  const { rrset } = outcome
  if (rrset.type === 'CNAME') return rrset.rdata
  // The target . of an SRV says that there is no such service (RFC 2782).
  return rrset.type === 'SRV' ? rrset.rdata.map(({ target }) => target).filter((target) => target !== ROOT) : []
}

/** Whether the spec names a relay for a domain: by its entry, by the include of its SPF, or by one of its servers as MX. */
function isUsed(relay: Relay, spec: Domain): boolean {
  const { mx } = spec
  return (
    useOf(relay, spec) !== undefined ||
    (Array.isArray(mx) && mx.some(({ host }) => relaysOfServer(withoutDot(host as Name)).includes(relay)))
  )
}

/** Whether the spec itself leads there. */
function isNamed({ clients, relays: used }: Domain, target: Name): boolean {
  const { autoconfig, autodiscover, pacc } = clients === false ? {} : clients
  return (
    [autoconfig, autodiscover?.cname, autodiscover?.srv?.target, pacc].includes(target) ||
    used.some(({ aliases }) => aliases.some((alias) => Object.values(alias).includes(target)))
  )
}
