import { type CaaIssuer, readCaa } from '../../../../records/families/caa/read-caa.js'
import { type Caa, rdataText } from '../../../../records/rr/rdata.js'

/** What CAA at a name means for a CA. */
export type MayIssue =
  /** Nothing there restricts who may issue such certificates. */
  | { readonly kind: 'anybody' }
  /** It may; in one of these ways alone, where there are any. */
  | { readonly kind: 'allowed'; readonly ways: readonly CaaIssuer[] }
  /** These may, and it does not belong to them. */
  | { readonly kind: 'refused'; readonly allowed: readonly string[] }
  /** CAs that do not know these tags must not issue. */
  | { readonly kind: 'critical'; readonly tags: readonly string[] }

const CRITICAL = 128
/** What every public CA has to know (Baseline Requirements of the CA/Browser Forum, §3.2.2.8). */
const KNOWN_TAGS: readonly string[] = ['issue', 'issuewild', 'iodef']

/**
 * Whether a CA may issue by the CAA that counts for a name (RFC 8659 §4). A value that cannot be read lets nobody issue (§4.2).
 *
 * @param names what CAA calls the CA
 * @param isWildcard whether the certificate is for `*.` and the name: then `issuewild` counts in place of `issue`, where there is one (§4.3)
 */
export function mayIssue(rdata: readonly Caa[], names: readonly string[], isWildcard: boolean): MayIssue {
  const properties = rdata.map((one) => ({
    tag: one.tag.toLowerCase(),
    isCritical: one.flags >= CRITICAL,
    issuer: readCaa(rdataText('CAA', one)).value?.issuer,
  }))
  const tags = properties.filter(({ tag, isCritical }) => isCritical && !KNOWN_TAGS.includes(tag)).map(({ tag }) => tag)
  if (tags.length > 0) return { kind: 'critical', tags }
  const counting = isWildcard && properties.some(({ tag }) => tag === 'issuewild') ? 'issuewild' : 'issue'
  const relevant = properties.filter(({ tag }) => tag === counting)
  if (relevant.length === 0) return { kind: 'anybody' }
  const issuers = relevant.flatMap(({ issuer }) => issuer ?? [])
  const own = issuers.filter(({ ca }) => names.includes(ca))
  if (own.length === 0) return { kind: 'refused', allowed: issuers.map(({ ca }) => ca).filter((ca) => ca !== '') }
  return { kind: 'allowed', ways: own.some(({ parameters }) => parameters.length === 0) ? [] : own }
}
