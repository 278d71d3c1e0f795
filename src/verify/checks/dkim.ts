import { LEAST_BITS, TRUSTED_BITS } from '../../../records/families/dkim/dkim-key.js'
import { isDkimValue, publishedKey, readDkim, sameDkim } from '../../../records/families/dkim/read-dkim.js'
import { joinName } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofDomain } from '../check.js'
import type { CheckedDomain, CheckedKey } from '../subjects/scope.js'
import { byWayOf, listed } from '../words.js'

/** The DKIM keys of a domain: those of the spec, or those that are found at selectors that many use. */
export async function checkDkim({ name, sends, keys, spec }: CheckedDomain, world: World): Promise<Check[]> {
  const looks = await Promise.all(keys.map((key) => checkKey(name, key, world)))
  const checks = looks.flatMap((look) => look.checks)
  const { pass, warn, unknown } = judge('dkim-present', ofDomain(name), `keys under _domainkey.${name}`)
  const signing = looks.filter(({ verifies }, index) => verifies && maySign(keys[index]?.wanted))
  if (!sends) return checks
  if (signing.length > 0) return [...checks, pass(signing.length === 1 ? 'a key' : `${signing.length} keys`)]
  if (checks.some(({ verdict }) => verdict === 'fail' || verdict === 'unknown')) return checks
  return spec
    ? [
        ...checks,
        keys.some(({ wanted }) => wanted?.value !== undefined)
          ? warn('none of its keys signs, so mail of it is not signed', 'let one sign: mailsync dkim status')
          : warn(
              'the spec has no key for it, so mail of it is not signed',
              'turn dkim on, or name the keys of its relays',
            ),
      ]
    : [
        ...checks,
        unknown(
          'none that verifies at the selectors that many use; a key with another name is not found',
          'verify it with a spec that names its keys',
        ),
      ]
}

/** Of keys with states, mail is signed with one; who holds others, or what no spec has, may sign with any. */
function maySign(wanted: CheckedKey['wanted']): boolean {
  return wanted?.value === undefined || wanted.state === 'signing'
}

interface KeyLook {
  readonly checks: readonly Check[]
  /** Whether a receiver finds a key there that it can verify mail with. */
  readonly verifies: boolean
}

const unverified = (...checks: readonly Check[]): KeyLook => ({ checks, verifies: false })

async function checkKey(
  domain: CheckedDomain['name'],
  { selector, wanted }: CheckedKey,
  { dns }: World,
): Promise<KeyLook> {
  const name = joinName(`${selector}._domainkey`, domain)
  const of = (section?: string) => judge('dkim-key', ofDomain(domain), `${name} TXT`, section)
  const look = await dns.look(name, 'TXT')
  // Of a selector that is only guessed, no answer says nothing; that none of them is answered the other checks say.
  if (look.kind === 'failure')
    return wanted ? unverified(of().unknown(look.why, 'look at the name servers of the zone')) : unverified()
  const values = look.kind === 'answer' ? rdataTexts(look.rrset) : []
  const keys = values.filter(isDkimValue)
  // A wildcard that answers everywhere with something else is no key at a selector that nobody named.
  if (!wanted && (keys.length === 0 || (look.kind === 'answer' && look.synthesized))) {
    const dangles = look.via.length > 0 && look.kind === 'nxdomain'
    return dangles
      ? unverified(
          of().warn(
            `a CNAME leads to ${look.via.at(-1) === name ? 'a name' : look.via.at(-1)} that is not there`,
            'take the CNAME away, if that service is no longer used',
          ),
        )
      : unverified()
  }
  const [value] = keys
  if (value === undefined)
    return unverified(
      look.via.length > 0
        ? of().fail(
            `a CNAME leads on, and no key is there${byWayOf(look.via)}`,
            'see that whoever holds the key still publishes it',
          )
        : of().fail(
            'not there: what is signed with it cannot be verified',
            'publish it before it signs: mailsync apply',
          ),
    )
  if (values.length > 1)
    return unverified(
      of('RFC 6376 §3.6.2.2').fail(
        `${values.length} values: which of them counts is undefined`,
        'take all but the key away',
      ),
    )
  const judged = keyVerdict(value, { selector, ...(wanted && { wanted }) }, of, byWayOf(look.via))
  return {
    checks: [judged, ...privateVerdict(domain, selector, wanted)],
    verifies: judged.verdict !== 'fail' && publishedKey(value) !== '',
  }
}

function keyVerdict(
  value: string,
  { selector, wanted }: CheckedKey,
  of: (section?: string) => ReturnType<typeof judge>,
  way: string,
): Check {
  const { value: key, faults } = readDkim(value)
  if (!key)
    return of(faults[0]?.section).fail(
      `receivers cannot read it: ${listed(faults.map(({ message }) => message))}`,
      'publish it again, whole',
    )
  if (wanted?.value !== undefined && !sameDkim(value, wanted.value))
    return of().fail(
      'another key than the index has',
      'mailsync plan shows both; what is signed with the other one fails',
    )
  if (key.publicKey === '') {
    if (wanted && wanted.state !== 'revoked')
      return of().fail('revoked: its p= is empty', 'publish the key again, or sign with another')
    return of().pass('revoked')
  }
  const { bits } = key
  if (bits !== undefined && bits < LEAST_BITS)
    return of('RFC 8301 §3.2').fail(
      `${bits} bits: receivers take none below ${LEAST_BITS}`,
      'make a new key of 2048 bits, and sign with it',
    )
  if (!key.services.some((service) => service === '*' || service === 'email'))
    return of().fail(`s=${key.services.join(':')} is not for mail`, 'take s= out of it, or let it name email')
  if (key.hashes && !key.hashes.includes('sha256'))
    return of('RFC 8301 §3.1').fail(`h=${key.hashes.join(':')}: receivers verify sha256 only`, 'take h= out of it')
  if (bits !== undefined && bits < TRUSTED_BITS)
    return of('RFC 8301 §3.2').warn(`${bits} bits, where ${TRUSTED_BITS} are asked for`, 'turn to a key of 2048 bits')
  if (key.flags.includes('y'))
    return of().warn('t=y says that it is only a test: receivers may treat its mail as unsigned', 'take t=y out of it')
  return of().pass(`${bits === undefined ? 'Ed25519' : `RSA, ${bits} bits`} at ${selector}${way}`)
}

function privateVerdict(domain: CheckedDomain['name'], selector: string, wanted: CheckedKey['wanted']): Check[] {
  if (!wanted?.isPrivateHere) return []
  const { pass, fail } = judge('dkim-private', ofDomain(domain), `the private key of ${selector}`)
  return wanted.privateFault === undefined
    ? [pass('it fits the public key')]
    : [
        fail(
          wanted.privateFault,
          'put the private key of this selector there, or turn to a new key: mailsync dkim rotate',
        ),
      ]
}
