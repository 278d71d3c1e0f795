/**
 * The intermediates that Let's Encrypt may issue from, by key type, since 2026-05-13 (its profile `classic`, below ISRG Root YE
 * and YR): those in use and those in reserve.
 */
const ISSUERS = { ECDSA: ['YE1', 'YE2', 'YE3'], RSA: ['YR1', 'YR2', 'YR3'] } as const

const OWN = /^Let's Encrypt (Y?[ER])\d+$/

/** What Let's Encrypt may sign a renewal with and is not among some CAs; what is among them and signs nothing any more. */
export function letsEncryptGaps(
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
