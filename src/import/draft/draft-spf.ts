import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import type { Name } from '../../../records/rr/name.js'
import type { Holdings } from '../source/holdings.js'
import { plainSpf } from '../write/plain-config.js'
import { flow } from '../write/yaml-text.js'
import { type DomainDraft, type HostDraft, type Remark, remark, type SpfDraft } from './draft.js'
import { type SpfMeaning, spfMeaning } from './spf-meaning.js'

type SpfRemark = Remark<'spf'>

/** The SPF of a domain as its spec would have it, and what is to be said about it. */
export function draftSpf(
  { name, mx }: Pick<DomainDraft, 'name' | 'mx'>,
  holdings: Holdings,
  hosts: ReadonlyMap<Name, HostDraft>,
): { spf: SpfDraft | false; remarks: SpfRemark[] } {
  const values = holdings.texts(name).filter(isSpfValue)
  const [value] = values
  if (value === undefined) return { spf: false, remarks: [remark('spf', 'There is no SPF today.')] }
  if (values.length > 1)
    return {
      spf: false,
      remarks: [
        remark(
          'spf',
          'There are several SPF values, so receivers use none (RFC 7208 §4.5). They stay as they are:',
          values,
        ),
      ],
    }
  const meaning = spfMeaning(value, name, holdings)
  const spf = spfFrom(meaning, Array.isArray(mx) ? mx.map(({ exchange }) => exchange) : [], hosts)
  if (meaning.unsaid.length === 0) return { spf, remarks: idleRemarks(meaning) }
  const reasons = meaning.unsaid.map(({ term, why }) => `${term}  ${why}`)
  return {
    spf: false,
    remarks: [
      remark('spf', 'The SPF stays as it is, because a spec cannot say all of it:', [value]),
      remark('spf', 'What it cannot say:', reasons),
      remark('spf', 'If that may go, write:', [`spf: ${flow(plainSpf(spf))}`]),
    ],
  }
}

/** Hosts where all their addresses may send, and what is left of the senders as addresses. */
function spfFrom(
  { senders, named, include, all }: SpfMeaning,
  mx: readonly Name[],
  hosts: ReadonlyMap<Name, HostDraft>,
): SpfDraft {
  const maySend = (host: HostDraft): boolean => sendersOf(host).every((address) => senders.includes(address))
  const receivers = mx.flatMap((name) => hosts.get(name) ?? [])
  const doReceiversSend = receivers.every(maySend)
  const left = new Set(senders)
  const take = (host: HostDraft): boolean => sendersOf(host).filter((address) => left.delete(address)).length > 0
  if (doReceiversSend) receivers.forEach(take)
  const namedHosts = [...named.keys()].flatMap((name) => hosts.get(name) ?? [])
  const others = [...(doReceiversSend ? [] : receivers), ...namedHosts]
  const spoken = others.filter((host) => maySend(host) && take(host)).map(({ name }) => name)
  const taken = new Set([...spoken, ...(doReceiversSend ? receivers.map(({ name }) => name) : [])])
  // A name that is no host here goes on sending from where it is today when a host that shares its address moves.
  for (const [name, addresses] of named) if (!taken.has(name)) for (const address of addresses) left.add(address)
  return { mx: doReceiversSend, hosts: spoken, addresses: [...left], include, all }
}

function sendersOf({ addresses, egress }: HostDraft): string[] {
  return [...addresses, ...egress]
}

function idleRemarks({ idle }: SpfMeaning): SpfRemark[] {
  return idle.length === 0
    ? []
    : [
        remark(
          'spf',
          'Left out of the SPF, as it means nothing:',
          idle.map(({ term, why }) => `${term}  ${why}`),
        ),
      ]
}
