import type { Finding } from '../../finding.js'
import { displayName, zoneOf } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import type { Domain, HeldKey } from '../../spec.js'
import { LEAST_BITS, TRUSTED_BITS } from './dkim-key.js'
import { type DkimRecord, readDkim } from './read-dkim.js'

/** Whether receivers can check what the holder of a key signs with it, as far as the spec tells. */
export function doesSign({ record }: HeldKey): boolean {
  if ('cname' in record) return true
  const key = readDkim(record.txt).value
  return key !== undefined && key.publicKey !== '' && !key.flags.includes('y')
}

const heldKeyText: Rule = ({ domains }) =>
  domains.flatMap((domain) =>
    domain.heldKeys.flatMap((held) => {
      const key = 'txt' in held.record && held.selector !== '*' ? readDkim(held.record.txt).value : undefined
      return key ? textFindings(key, held, domain) : []
    }),
  )

function textFindings(key: DkimRecord, { selector, remedy, from }: HeldKey, { name }: Domain): Finding[] {
  const what = `the DKIM key ${selector} of ${displayName(name)}`
  if (key.publicKey === '')
    return [
      finding('note', 'dkim-key-revoked', from, `${what} is revoked: its p= is empty, and nothing it signed is valid`),
    ]
  const { bits = TRUSTED_BITS, flags, services, hashes } = key
  const found: Finding[] = []
  if (bits < LEAST_BITS)
    found.push(
      finding(
        'error',
        'dkim-key-weak',
        from,
        `${what} has ${bits} bits, and receivers refuse what is signed with less than ${LEAST_BITS} (RFC 8301 §3.2)`,
        remedy ?? 'ask its holder for a key of 2048 bits',
      ),
    )
  else if (bits < TRUSTED_BITS)
    found.push(
      finding(
        'warning',
        'dkim-rsa-short',
        from,
        `${what} has ${bits} bits; a signer should use ${TRUSTED_BITS} (RFC 8301 §3.2)`,
        remedy ?? 'ask its holder for a key of 2048 bits',
      ),
    )
  if (flags.includes('y'))
    found.push(
      finding(
        'note',
        'dkim-key-testing',
        from,
        `${what} is for testing (t=y): receivers treat what it signs as unsigned (RFC 6376 §3.6.1)`,
      ),
    )
  if (!services.includes('*') && !services.includes('email'))
    found.push(
      finding(
        'warning',
        'dkim-key-not-for-mail',
        from,
        `${what} is for ${services.join(', ')} and not for email, so receivers do not use it (RFC 6376 §3.6.1)`,
      ),
    )
  if (hashes !== undefined && !hashes.includes('sha256'))
    found.push(
      finding(
        'warning',
        'dkim-key-sha1',
        from,
        `${what} allows only ${hashes.join(', ')}, and signers must use sha256 (RFC 8301 §3.1)`,
        'ask its holder for a key without h=, or with h=sha256',
      ),
    )
  return found
}

const selectorTwice: Rule = ({ domains, keysOf }) =>
  domains.flatMap(({ name, dkim, heldKeys }) => {
    const own = new Set(dkim === false ? [] : keysOf.get(name)?.map(({ selector }) => selector))
    return heldKeys
      .filter(({ selector }) => own.has(selector))
      .map(({ selector, from }) => ({
        ...finding(
          'error',
          'dkim-selector-twice',
          from,
          `the selector ${selector} of ${displayName(name)} has a key of our own already, in keys/${displayName(name)}/public.json: one of the two would not be seen`,
          'remove the key from dkim.keys, or ask its holder for another selector',
        ),
        atKey: true,
      }))
  })

const placeWithoutKey: Rule = ({ records, zones }) => {
  const written = new Set(records.flatMap(({ purpose, rrset }) => (purpose === 'dkim' ? [rrset.name] : [])))
  return records.flatMap(({ purpose, rrset, from }) => {
    const [target] = purpose === 'dkim' && rrset.type === 'CNAME' ? rrset.rdata : []
    if (target === undefined || written.has(target) || zoneOf(target, zones) === undefined) return []
    return [
      {
        ...finding(
          'warning',
          'dkim-cname-without-key',
          from,
          `${displayName(rrset.name)} leads to ${displayName(target)}, which is in a zone of this spec, and no key is there`,
          'name the place where the holder publishes the key; `plan` looks whether the zone has one already',
        ),
        seenAt: target,
      },
    ]
  })
}

export const heldRules: readonly Rule[] = [heldKeyText, selectorTwice, placeWithoutKey]
