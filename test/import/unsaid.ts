import { compile } from '../../records/compile.js'
import { isDkimValue } from '../../records/families/dkim/read-dkim.js'
import { isDmarcValue } from '../../records/families/dmarc/read-dmarc.js'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import { relays } from '../../records/relays/index.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, isKnown, keyOf, rdataTexts } from '../../records/rr/rrset.js'
import { load } from '../config/load.js'

/** What a record is to mail; undefined for what is none of its business. */
function kindOf(rrset: AnyRRset): string | undefined {
  const { name, type } = rrset
  if (type === 'MX') return 'MX'
  if (name.includes('._domainkey.') && (type === 'TXT' || type === 'CNAME')) return isKey(rrset) ? 'DKIM' : undefined
  if (name.startsWith('_dmarc.')) return type === 'CNAME' || textsOf(rrset).some(isDmarcValue) ? 'DMARC' : undefined
  if (type === 'TXT' && textsOf(rrset).some(isSpfValue)) return 'SPF'
  if (/^_mta-sts\.|^mta-sts\./.test(name)) return 'MTA-STS'
  if (name.startsWith('_smtp._tls.')) return 'TLS-RPT'
  if (name.startsWith('default._bimi.')) return 'BIMI'
  if (
    /^auto(?:config|discover)\./.test(name) ||
    (type === 'SRV' && /^_(?:autodiscover|imaps?|pop3s?|submissions?)\./.test(name))
  )
    return 'discovery'
  if (type === 'CNAME' && isRelays(rrset)) return 'relay'
  return type === 'CAA' || type === 'TLSA' ? type : undefined
}

/** A return path, or a name in links that are tracked. */
function isRelays(rrset: AnyRRset): boolean {
  const [target = ''] = isKnown(rrset) && rrset.type === 'CNAME' ? (rrset.rdata as readonly string[]) : []
  return relays.some(({ servers }) => servers.some((server) => `.${target}`.endsWith(`.${server}.`)))
}

function isKey(rrset: AnyRRset): boolean {
  return rrset.type === 'CNAME' || textsOf(rrset).some(isDkimValue)
}

function textsOf(rrset: AnyRRset): string[] {
  return isKnown(rrset) && rrset.type === 'TXT' ? rdataTexts(rrset) : []
}

/** The records of mail in a zone that an imported spec does not say, `kind name TYPE` each. */
export async function unsaid(made: string, zone: Name, rrsets: readonly AnyRRset[]): Promise<string[]> {
  const { spec } = await load(made)
  if (!spec) throw new Error('there is no spec')
  const { zones } = compile(spec, [], new Map([[zone, ['dns']]]))
  const said = new Set([...zones.values()].flat().map(({ rrset }) => keyOf(rrset)))
  const left = rrsets.flatMap((rrset) => {
    const kind = kindOf(rrset)
    return kind === undefined || said.has(keyOf(rrset)) ? [] : [`${kind} ${keyOf(rrset)}`]
  })
  return left.sort()
}
