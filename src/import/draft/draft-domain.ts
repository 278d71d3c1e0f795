import type { Name } from '../../../records/rr/name.js'
import type { Holdings } from '../../holdings/holdings.js'
import { aboutOthers } from './domain-remarks.js'
import type { DomainDraft, HostDraft, SpfDraft } from './draft.js'
import { draftDmarc, parkedReports } from './draft-dmarc.js'
import { draftKeys } from './draft-keys.js'
import { draftMx } from './draft-mx.js'
import { draftSpf } from './draft-spf.js'

/** What stands at a domain, as its spec would have it. */
export function draftDomain(name: Name, holdings: Holdings, hosts: ReadonlyMap<Name, HostDraft>): DomainDraft {
  const { mx, remarks: aboutMx } = draftMx(name, holdings)
  const others = aboutOthers(name, holdings)
  const reports = parkedReports(name, mx, holdings)
  if (reports)
    return { name, parked: true, mx, spf: false, dkimOff: false, keys: [], dmarc: reports, relays: [], remarks: others }
  const { spf, remarks: aboutSpf } = draftSpf({ name, mx }, holdings, hosts)
  const { dmarc, remarks: aboutDmarc } = draftDmarc(name, holdings)
  const dkimOff = spf !== false && doesHostSend(spf, mx, hosts)
  const { keys, remarks: aboutKeys } = draftKeys(name, holdings, dkimOff)
  const remarks = [...aboutMx, ...aboutSpf, ...aboutKeys, ...aboutDmarc, ...others]
  return { name, parked: false, mx, spf, dkimOff, keys, dmarc, relays: [], remarks }
}

/** Whether the default of `dkim` would be on. */
function doesHostSend(spf: SpfDraft, mx: DomainDraft['mx'], hosts: ReadonlyMap<Name, HostDraft>): boolean {
  const receivers = spf.mx && Array.isArray(mx) ? mx : []
  return spf.hosts.length > 0 || receivers.some(({ exchange }) => hosts.has(exchange))
}
