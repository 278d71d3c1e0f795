import type { Name } from '../../../records/rr/name.js'
import { parseName } from '../../../records/rr/name.js'
import type { DomainDraft, DomainKey, Draft } from '../../import/draft/draft.js'
import { remark } from '../../import/draft/remark.js'
import type { Objection } from '../../import/trial.js'
import { type Answers, isSilent } from '../answers.js'
import type { DnsView } from '../dns-view.js'
import type { Part } from './part.js'
import { NO_DMARC, wishedDkim, wishedDmarc, wishedMx, wishedSpf } from './wished-domain.js'
import { wishedHosts } from './wished-hosts.js'
import { wishedRelays } from './wished-relays.js'

/** A draft, and which of its changes to DNS are wanted. */
export interface Wished {
  readonly draft: Draft
  isWanted(change: Objection): boolean
}

const PARKED = remark(
  'mail',
  'Neither receives nor sends: null MX, "v=spf1 -all", DMARC reject, an empty wildcard DKIM key.',
)

/**
 * The draft of what DNS holds, with what was told put in, and with what careful mail has and DNS lacks: DMARC, a DKIM key
 * where a host here sends, an SPF of the host's own name. What is there already stays.
 *
 * @param view undefined where DNS was not looked at
 */
export function wishedDraft(base: Draft, name: Name, answers: Answers, view: DnsView | undefined): Wished {
  const held = base.domains.get(name) as DomainDraft
  if (answers.receives === 'nothing' && isSilent(answers.sends)) {
    const dmarc = { ...NO_DMARC, policy: 'reject' as const }
    const parked = {
      name,
      parked: true,
      mx: 'none' as const,
      spf: false as const,
      dkimOff: false,
      keys: [],
      relays: [],
      keysRevoked: false,
      dmarc,
      remarks: [PARKED],
    }
    return { draft: { ...base, hosts: new Map(), domains: new Map([[name, parked]]) }, isWanted: isChange }
  }
  const wanted = new Set<DomainKey>()
  let domain = held
  const put = (part: Part | undefined): void => {
    if (!part) return
    const { about, remarks = [], ...fields } = part
    wanted.add(about)
    domain = { ...domain, ...fields, remarks: [...domain.remarks.filter(({ key }) => key !== about), ...remarks] }
  }
  put(wishedMx(domain, answers))
  const { hosts, wanted: wantedHosts } = wishedHosts(base.hosts, domain, answers, view)
  put(wishedSpf(domain, answers, hosts))
  put(wishedRelays(domain, answers))
  if (!domain.parked) {
    put(wishedDkim(domain, hosts, view))
    put(wishedDmarc(domain, view))
  }
  const isOurs = ({ path: [section, text, key] }: Objection): boolean => {
    const owner = parseName(String(text)) as Name
    return section === 'hosts' ? wantedHosts.has(owner) : owner === name && wanted.has(key as DomainKey)
  }
  return {
    draft: { ...base, hosts, domains: new Map([[name, domain]]) },
    isWanted: (change) => isChange(change) && isOurs(change),
  }
}

function isChange({ kind }: Objection): boolean {
  return kind !== 'error'
}
