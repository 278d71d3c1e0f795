import { familyOf, isPublic, parseAddress } from '../../../records/rr/address.js'
import { ROOT, withoutDot } from '../../../records/rr/name.js'
import type { Mx } from '../../../records/rr/rdata.js'
import type { Host } from '../../../records/spec.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofDomain, ofHost } from '../check.js'
import type { CheckedDomain, CheckedHost } from '../subjects/scope.js'
import { listed } from '../words.js'

/** Whether mail to a domain has somewhere to go. */
export async function checkMx({ name, spec, sends }: CheckedDomain, { dns }: World): Promise<Check[]> {
  const asked = `${name} MX`
  const { pass, warn, unknown } = judge('mx', ofDomain(name), asked)
  const look = await dns.look(name, 'MX')
  if (look.kind === 'failure') return [unknown(look.why, 'look at the name servers of the zone')]
  const wantsNone = spec !== undefined && spec.mx === undefined && spec.mail === 'normal'
  if (look.kind !== 'answer') {
    if (wantsNone) return [pass('none, as the spec says: it only sends')]
    const address = await Promise.all([dns.look(name, 'A'), dns.look(name, 'AAAA')])
    return address.some(({ kind }) => kind === 'answer')
      ? [
          warn(
            'none, so that mail goes to the address of the name itself',
            `publish an MX; or 0 . (RFC 7505) where no mail is wanted`,
          ),
        ]
      : [warn('none, and the name has no address: it cannot receive', `publish an MX; or 0 . (RFC 7505) to say so`)]
  }
  const nulls = look.rrset.rdata.filter(({ exchange }) => exchange === ROOT)
  const isNull = judge('null-mx', ofDomain(name), asked)
  if (nulls.length === 0) return [pass(listed(look.rrset.rdata.map(mxText)))]
  if (look.rrset.rdata.length > nulls.length)
    return [isNull.fail('the null MX stands beside others', 'take it away, or the others: it stands alone')]
  if (sends)
    return [
      judge('null-mx', ofDomain(name), asked, 'RFC 7505 §4.2').fail(
        'the null MX of a domain that sends: receivers refuse its mail, as no answer to it could arrive',
        'publish an MX, or send from another domain',
      ),
    ]
  return [isNull.pass('it takes no mail, and says so')]
}

/** Whether a host that an MX leads to can be reached, and only it. */
export async function checkMxTarget({ name, spec }: CheckedHost, { dns }: World): Promise<Check[]> {
  const { pass, fail, unknown } = judge('mx-target', ofHost(name), `${name} A, AAAA`)
  if (typeof parseAddress(withoutDot(name)) === 'string')
    return [fail('an MX leads to an address, and only names can stand there', 'name the host')]
  const looks = await Promise.all([dns.look(name, 'A'), dns.look(name, 'AAAA')])
  const [alias] = looks.flatMap(({ via }) => via)
  if (alias !== undefined)
    return [
      fail(
        `a CNAME is there, and some senders do not follow one from an MX`,
        'lead the MX to the name that has the addresses',
      ),
    ]
  const addresses = looks.flatMap((look) => (look.kind === 'answer' ? (look.rrset.rdata as readonly string[]) : []))
  const failed = looks.find((look) => look.kind === 'failure')
  if (addresses.length === 0)
    return failed?.kind === 'failure'
      ? [unknown(failed.why, 'look at the name servers of its zone')]
      : [fail('it has no address', 'publish its A or AAAA, or take it out of the MX')]
  const foreign = spec && foreignOf(addresses, spec)
  if (foreign && foreign.length > 0)
    return [
      fail(
        `${listed(foreign)} is no address of the host, and mail goes there too`,
        'take it away: mailsync plan shows it',
      ),
    ]
  const unreachable = addresses.filter((one) => !isReachable(one))
  if (unreachable.length === addresses.length)
    return [fail(`${listed(unreachable)}: nobody outside reaches such an address`, 'publish a public address')]
  return [pass(listed(addresses))]
}

function mxText({ preference, exchange }: Mx): string {
  return `${preference} ${withoutDot(exchange)}`
}

function foreignOf(addresses: readonly string[], { addresses: own, observed }: Host): string[] {
  if (observed && 'failure' in observed) return []
  return addresses.filter((one) => !own.some(({ value }) => value === one))
}

function isReachable(text: string): boolean {
  const address = parseAddress(text)
  return typeof address === 'string' && isPublic(address) && (familyOf(address) === 4 || !text.startsWith('fe80'))
}
