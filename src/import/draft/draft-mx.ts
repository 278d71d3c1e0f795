import { displayName, type Name, parseHostname, ROOT } from '../../../records/rr/name.js'
import type { Mx } from '../../../records/rr/rdata.js'
import type { Holdings } from '../holdings/holdings.js'
import type { DomainDraft } from './draft.js'
import { remark } from './remark.js'

type MxDraft = Pick<DomainDraft, 'mx' | 'remarks'>

/** The MX of a name; undefined, with the reason, where a spec cannot say it. */
export function draftMx(name: Name, holdings: Holdings): MxDraft {
  const set = holdings.get(name, 'MX')
  if (!set) return { mx: undefined, remarks: [remark('mx', 'There is no MX today.')] }
  const why = set.locked === undefined ? inexpressible(set.rdata) : set.locked
  const values = set.rdata.map(({ preference, exchange }) => `${preference} ${displayName(exchange)}`)
  if (why !== undefined) return { mx: undefined, remarks: [remark('mx', `The MX stay as they are: ${why}.`, values)] }
  return { mx: set.rdata[0]?.exchange === ROOT ? 'none' : set.rdata, remarks: [] }
}

function inexpressible(rdata: readonly Mx[]): string | undefined {
  const hosts = rdata.map(({ exchange }) => exchange)
  if (hosts.length === 0) return 'there is none'
  if (hosts.includes(ROOT) && hosts.length > 1) return 'one of them is the null MX, which stands alone (RFC 7505 §3)'
  if (rdata.some(({ preference, exchange }) => exchange === ROOT && preference !== 0))
    return 'the preference of a null MX is 0 (RFC 7505 §3)'
  if (new Set(hosts).size < hosts.length) return 'a host is there twice'
  const odd = hosts.find((host) => host !== ROOT && typeof parseHostname(host) !== 'string')
  return odd === undefined ? undefined : `${odd} is no name of a host`
}
