import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { USAGE } from './read-tlsa.js'

/**
 * The intermediates that Let's Encrypt may issue from, by key type, since 2026-05-13 (its profile `classic`, below ISRG Root YE
 * and YR): those in use and those in reserve.
 */
const ISSUERS = { ECDSA: ['YE1', 'YE2', 'YE3'], RSA: ['YR1', 'YR2', 'YR3'] } as const

const OWN = /^Let's Encrypt (Y?[ER])\d+$/

/** What Let's Encrypt may sign a renewal with and is not among some CAs; what is among them and signs nothing any more. */
function letsEncryptGaps(
  authorities: readonly string[],
): readonly { readonly keyType: string; readonly missing: readonly string[]; readonly past: readonly string[] }[] {
  return Object.entries(ISSUERS).flatMap(([keyType, current]) => {
    const named = authorities
      .filter((authority) => OWN.exec(authority)?.[1]?.at(-1) === (keyType === 'RSA' ? 'R' : 'E'))
      .map((authority) => authority.slice("Let's Encrypt ".length))
    const missing = current.filter((one) => !named.includes(one))
    const past = named.filter((one) => !(current as readonly string[]).includes(one))
    return named.length > 0 && missing.length + past.length > 0 ? [{ keyType, missing, past }] : []
  })
}

/** Senders know a host by the keys of Let's Encrypt, and not by all that may sign its next certificate (RFC 7672 §3.1.2). */
export const issuersMissing: Rule = ({ spec }) =>
  spec.hosts.flatMap(({ name, tlsa }) => {
    const authorities = (tlsa?.associations ?? []).flatMap(({ authority }) => authority ?? [])
    const hasOwn = tlsa?.associations.some(({ value }) => value.usage === USAGE.server)
    return letsEncryptGaps(authorities).flatMap(({ keyType, missing, past }) => {
      const from = tlsa?.from ?? []
      const lacks = `${displayName(name)}: Let’s Encrypt may sign its next ${keyType} certificate with ${missing.join(', ')}, whose key is not published: senders with DANE would refuse it (RFC 7672 §3.1.2)`
      const idle = `${displayName(name)}: ${past.join(', ')} of Let’s Encrypt ${past.length === 1 ? 'signs' : 'sign'} no certificates any more`
      return [
        finding(
          missing.length === 0 || hasOwn ? 'note' : 'warning',
          'tlsa-issuers-missing',
          from,
          missing.length > 0 ? lacks : idle,
          missing.length > 0
            ? 'add their certificates, from letsencrypt.org/certificates, to the files; or publish the host’s own key (3 1 1)'
            : 'take their certificates out of the files',
        ),
      ]
    })
  })
