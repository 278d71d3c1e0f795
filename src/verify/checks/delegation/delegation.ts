import { MailsyncError } from '../../../../records/error.js'
import { type Name, ROOT } from '../../../../records/rr/name.js'
import type { World } from '../../ask/world.js'
import { type Check, judge, ofZone } from '../../check.js'
import type { CheckedZone } from '../../subjects/scope.js'
import { faultsIn, listed, serverNames } from '../../words.js'
import { isDelegatedTo } from './is-delegated-to.js'

/** Whether a zone is delegated to servers that answer for it, and parent and child say the same of it. */
export async function checkDelegation({ name: zone, servers }: CheckedZone, world: World): Promise<Check[]> {
  if (zone === ROOT) return []
  const [answering, agreeing, assigned] = await Promise.all([
    checkAnswers(zone, world),
    checkAgreement(zone, servers, world),
    checkAssigned(zone, world),
  ])
  return [answering, ...agreeing, ...assigned]
}

/** Whether the parent names servers that the providers gave the zone: where it names none of theirs, nobody sees what is written. */
async function checkAssigned(zone: Name, { askProviders, dns }: World): Promise<Check[]> {
  const assigned = (await askProviders?.(zone)) ?? []
  const checks = assigned.map(async ({ provider, servers }): Promise<Check> => {
    const asked = `${provider} for the name servers that it gave ${zone}, and the parent`
    const { pass, fail, unknown } = judge('delegation-provider', ofZone(zone), asked)
    if (typeof servers === 'string')
      return unknown(`${provider} does not tell: ${servers}`, 'mailsync providers --check looks at its credentials')
    if (servers.length === 0) return unknown(`${provider} names none`)
    try {
      const parent = await dns.delegation(zone)
      const isHere = await isDelegatedTo(servers, parent, dns)
      const both = `it is delegated to ${listed(parent)}, and ${provider} gave it ${listed(servers)}`
      if (isHere === undefined) return unknown(`${both}; whether these are the same is not to be found out`)
      return isHere
        ? pass(both)
        : fail(
            `${both}: nobody asks where its records are written`,
            'change the delegation at its registrar, or the targets of the zone in the spec',
          )
    } catch (error) {
      if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
      return unknown(error.message, 'see whether the parent zone delegates it')
    }
  })
  return Promise.all(checks)
}

/** One server that fails of several is no reason to refuse mail: resolvers ask the next. */
async function checkAnswers(zone: Name, { dns }: World): Promise<Check> {
  const seen = await dns.everywhere({ name: zone, type: 'SOA' })
  const { pass, warn, fail, unknown } = judge(
    'delegation-answers',
    ofZone(zone),
    `${zone} SOA at each of its name servers`,
  )
  const wrong = faultsIn(seen)
  if (seen.servers.length === 0) {
    const why = wrong ?? 'no server answers'
    if (seen.isResolverLost) return unknown(`the resolver is not reached: ${why}`, 'name one with --resolver')
    // A resolver that gets through tells that it is this network that lets no questions out.
    return (await dns.look(zone, 'NS')).kind === 'answer'
      ? unknown(`${why}; a resolver can ask them`, 'run it from a network that lets DNS out to name servers')
      : fail(why, 'look at the name servers of the zone, and at what its registrar says they are')
  }
  if (wrong === undefined) return pass(`${serverNames(seen.servers)} answer for it`)
  return warn(
    `${wrong}; ${serverNames(seen.servers)} answer${seen.servers.length === 1 ? 's' : ''}`,
    'serve the zone there too, or take the server out of the delegation: each question that goes there first takes seconds',
  )
}

async function checkAgreement(zone: Name, wanted: readonly string[] | undefined, { dns }: World): Promise<Check[]> {
  const asked = `${zone} NS at the servers of its parent and at its own`
  const agrees = judge('delegation-agrees', ofZone(zone), asked)
  let parent: readonly Name[]
  try {
    parent = await dns.delegation(zone)
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    return wanted
      ? [agrees.unknown(`${error.message}; the spec names its servers itself`)]
      : [agrees.unknown(error.message, 'see whether the parent zone delegates it')]
  }
  const { said } = await dns.everywhere({ name: zone, type: 'NS' })
  const versions = said.flatMap(({ outcome }) =>
    outcome.kind === 'rrset' && outcome.rrset.type === 'NS' ? [outcome.rrset.rdata as readonly Name[]] : [],
  )
  const [own] = versions
  // Where its own NS are those of the parent, the servers of the spec are its hidden primary.
  const isOfParent = versions.flat().some((name) => parent.includes(name))
  if (wanted && !isOfParent && (await isDelegatedTo(wanted, parent, dns)) === false)
    return [
      agrees.fail(
        `it is delegated to ${listed(parent)}, and not to ${listed(wanted)}, where the spec says that it is served: nobody asks there`,
        'change the delegation at its registrar, or zones.ZONE.servers in the spec',
      ),
    ]
  if (own === undefined)
    return [agrees.unknown('none of its servers tells its NS', 'look at the name servers of the zone')]
  const onlyParent = parent.filter((name) => !own.includes(name))
  const onlyOwn = own.filter((name) => !parent.includes(name))
  if (versions.length > 1)
    return [
      agrees.warn(
        'its name servers differ in what NS it has',
        'see that all of them have the newest version of the zone',
      ),
    ]
  if (onlyParent.length + onlyOwn.length === 0) return [agrees.pass(`both say ${listed(own)}`)]
  const parts = [
    ...(onlyParent.length > 0 ? [`only the parent names ${listed(onlyParent)}`] : []),
    ...(onlyOwn.length > 0 ? [`only the zone itself names ${listed(onlyOwn)}`] : []),
  ]
  return [agrees.warn(parts.join('; '), 'make the NS of the zone and the delegation at its registrar the same')]
}
