import type { Name } from '../../../../records/rr/name.js'
import { kindOfDomain } from '../../../config/domain-name.js'
import type { Holdings } from '../../holdings/holdings.js'
import { draftCaa } from '../certificates/draft-caa.js'
import { draftClients } from '../clients/draft-clients.js'
import type { DomainDraft, HostDraft, SpfDraft } from '../draft.js'
import { draftDmarc, parkedReports } from '../draft-dmarc.js'
import { draftKeys } from '../draft-keys.js'
import { draftMx } from '../draft-mx.js'
import { draftPolicies } from '../draft-policies.js'
import { draftSpf } from '../spf/draft-spf.js'
import { aboutOthers, CLIENT_LABELS, POLICY_LABELS } from './domain-remarks.js'

/** What stands at a domain, as its spec would have it. */
export function draftDomain(name: Name, holdings: Holdings, hosts: ReadonlyMap<Name, HostDraft>): DomainDraft {
  const { mx, remarks: aboutMx } = draftMx(name, holdings)
  const { remarks: aboutCaa, ...caa } = draftCaa(name, holdings)
  const kind = kindOfDomain(name)
  if (kind !== 'mail') {
    const { remarks, ...part } = draftPart(name, kind === 'spf' ? undefined : mx, holdings, hosts)
    return { ...part, ...caa, remarks: [...remarks, ...aboutCaa] }
  }
  const reports = parkedReports(name, mx, holdings)
  if (reports) {
    const remarks = [...aboutCaa, ...aboutOthers(name, holdings, [...POLICY_LABELS, ...CLIENT_LABELS])]
    const none = { spf: false, dkimOff: false, ...NO_KEYS, relays: [] } as const
    return { name, parked: true, mx, ...none, dmarc: reports, ...caa, remarks }
  }
  const { spf, remarks: aboutSpf } = draftSpf({ name, mx }, holdings, hosts)
  const { dmarc, remarks: aboutDmarc } = draftDmarc(name, holdings)
  const dkimOff = spf !== false && doesHostSend(spf, mx, hosts)
  const { keys, keysRevoked, remarks: aboutKeys } = draftKeys(name, holdings, dkimOff)
  const clients = draftClients(name, holdings)
  const { policies, remarks: aboutPolicies } = draftPolicies(name, holdings, hosts)
  const remarks = [
    ...aboutMx,
    ...aboutSpf,
    ...aboutKeys,
    ...aboutDmarc,
    ...aboutPolicies,
    ...aboutCaa,
    ...aboutOthers(name, holdings, CLIENT_LABELS),
  ]
  return {
    name,
    parked: false,
    mx,
    spf,
    dkimOff,
    keys,
    keysRevoked,
    dmarc,
    policies,
    ...(clients && { clients }),
    ...caa,
    relays: [],
    remarks,
  }
}

const NO_KEYS = { keys: [], keysRevoked: false }

/** A wildcard, or a name that has only an SPF: no keys and no policy. */
function draftPart(
  name: Name,
  mx: DomainDraft['mx'],
  holdings: Holdings,
  hosts: ReadonlyMap<Name, HostDraft>,
): DomainDraft {
  const { spf, remarks } = draftSpf({ name, mx }, holdings, hosts)
  return { name, parked: false, mx, spf, dkimOff: false, ...NO_KEYS, dmarc: false, relays: [], remarks }
}

/** Whether the default of `dkim` would be on. */
function doesHostSend(spf: SpfDraft, mx: DomainDraft['mx'], hosts: ReadonlyMap<Name, HostDraft>): boolean {
  const receivers = spf.mx && Array.isArray(mx) ? mx : []
  return spf.hosts.length > 0 || receivers.some(({ exchange }) => hosts.has(exchange))
}
