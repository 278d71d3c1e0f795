import { joinName, type Name, withoutDot } from '../../../../records/rr/name.js'
import type { Check, Judge } from '../../check.js'
import type { CheckedHost } from '../../subjects/scope.js'
import { listed } from '../../words.js'
import type { World } from '../world.js'

type State = Awaited<ReturnType<World['validate']>>

/** What stands between a sender and the TLSA of a host, and what DNSSEC says of it. */
interface Link {
  /** In words, such as `the MX of example.com`. */
  readonly what: string
  readonly state: State
}

/** What DNSSEC says of all that leads a sender to the TLSA of a host. */
export interface ValidatedMail {
  readonly tlsa: State
  readonly addresses: readonly Link[]
  readonly mx: readonly Link[]
}

const WORST_FIRST: readonly State[] = ['bogus', 'insecure', undefined, 'secure']

export async function validatedMail(
  { name, mailOf = [] }: Pick<CheckedHost, 'name' | 'mailOf'>,
  { dns, validate }: Pick<World, 'dns' | 'validate'>,
): Promise<ValidatedMail> {
  const addressLinks = async (type: 'A' | 'AAAA'): Promise<Link[]> => {
    const look = await dns.look(name, type)
    const names = look.kind === 'answer' ? new Set<Name>([...look.via, look.rrset.name]) : []
    const chain = await Promise.all(
      [...names].map(async (one) => ({ what: `${type} of ${withoutDot(one)}`, state: await validate(one, type) })),
    )
    // What leads on shares the fate of what it leads to.
    const [worst] = WORST_FIRST.flatMap((state) => chain.findLast((link) => link.state === state) ?? [])
    return worst ? [worst] : []
  }
  const mxLink = async (domain: Name): Promise<Link> => ({
    what: withoutDot(domain),
    state: await validate(domain, 'MX'),
  })
  const [tlsa, addresses, mx] = await Promise.all([
    validate(joinName('_25._tcp', name), 'TLSA'),
    Promise.all([addressLinks('A'), addressLinks('AAAA')]),
    Promise.all(mailOf.map(mxLink)),
  ])
  return { tlsa, addresses: addresses.flat(), mx }
}

/**
 * Whether senders use the TLSA of a host: the MX that leads there and its addresses have to be proven as well (RFC 7672 §2.2).
 *
 * @param of judges by a section of RFC 7672
 */
export function judgeValidated({ tlsa, addresses, mx }: ValidatedMail, of: (section?: string) => Judge): Check {
  const links = [...addresses, ...mx.map(({ what, state }): Link => ({ what: `MX of ${what}`, state }))]
  const bogus = [...(tlsa === 'bogus' ? [undefined] : []), ...links.filter(({ state }) => state === 'bogus')]
  if (bogus.length > 0) {
    const whats = bogus.flatMap((link) => link?.what ?? [])
    const where = whats.length > 0 ? ` for ${listed(whats)}` : ''
    return of().fail(
      `DNSSEC does not verify${where}: senders with DANE deliver no mail`,
      'put the signatures or the DS right at once',
    )
  }
  if (tlsa === 'insecure')
    return of().warn(
      'the zone is not signed, so no sender looks at them',
      'sign the zone, and give the DS to its registrar',
    )
  const unsigned = ({ state }: Link): boolean => state === 'insecure'
  if (addresses.some(unsigned))
    return of('RFC 7672 §2.2.2').warn(
      `not signed: ${listed(addresses.filter(unsigned).map(({ what }) => what))}. So no sender looks at the TLSA of this host`,
      'sign that zone too, or lead the MX to a name whose addresses are signed',
    )
  if (mx.some(unsigned))
    return of('RFC 7672 §2.2.1').warn(
      `the MX of ${listed(mx.filter(unsigned).map(({ what }) => what))} is not signed: who forges it leads mail elsewhere, and senders use these TLSA at most as they are, which protects nothing`,
      'sign the zone of that domain too, and give the DS to its registrar',
    )
  if ([tlsa, ...links.map(({ state }) => state)].includes(undefined))
    return of().unknown('nobody was there to validate', 'name a validating resolver with --resolver, or install delv')
  return of().pass('DNSSEC proves them')
}
