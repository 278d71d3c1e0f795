import { faultText } from '../../../../records/families/reading.js'
import { isSpfValue, resemblesSpf } from '../../../../records/families/spf/read-spf.js'
import { displayName, type Name } from '../../../../records/rr/name.js'
import type { Holdings } from '../../holdings/holdings.js'
import { plainSpf } from '../../write/plain-config.js'
import { flow } from '../../write/yaml-text.js'
import type { DomainDraft, HostDraft, SpfDraft } from '../draft.js'
import { type Remark, remark } from '../remark.js'
import { type SpfMeaning, spfMeaning } from './spf-meaning.js'

type SpfRemark = Remark<'spf'>

/** The SPF of a domain as its spec would have it, and what is to be said about it. */
export function draftSpf(
  { name, mx }: Pick<DomainDraft, 'name' | 'mx'>,
  holdings: Holdings,
  hosts: ReadonlyMap<Name, HostDraft>,
): { spf: SpfDraft | false; remarks: SpfRemark[] } {
  const texts = holdings.texts(name)
  const values = texts.filter(isSpfValue)
  const [value] = values
  if (value === undefined) return { spf: false, remarks: [noSpf(texts.filter(resemblesSpf))] }
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
  const { spf, apart } = spfFrom(meaning, Array.isArray(mx) ? mx.map(({ exchange }) => exchange) : [], hosts)
  const { unsupported, faults } = meaning
  if (unsupported.length + faults.length === 0)
    return { spf, remarks: [...apartRemarks(apart), ...unknownRemarks(meaning), ...ignoredRemarks(meaning)] }
  const wrong = faults.map(faultText)
  const reasons = unsupported.map(({ term, why }) => `${term}  ${why}`)
  const about =
    faults.length > 0
      ? [remark('spf', ERROR, [value]), remark('spf', 'What is wrong with it:', wrong)]
      : [remark('spf', 'The SPF stays as it is, because a spec cannot say all of it:', [value])]
  return {
    spf: false,
    remarks: [
      ...about,
      ...(reasons.length > 0 ? [remark('spf', 'What it cannot say:', reasons)] : []),
      ...(doesNameSender(spf, mx, hosts)
        ? [remark('spf', 'If that may go, write:', [`spf: ${flow(plainSpf(spf))}`])]
        : []),
    ],
  }
}

/** @param meant values that look like one */
function noSpf(meant: readonly string[]): SpfRemark {
  return meant.length === 0
    ? remark('spf', 'There is no SPF today.')
    : remark('spf', 'There is no SPF today. What looks like one does not begin with v=spf1 and a space:', meant)
}

const ERROR = 'The SPF stays as it is. It is a permanent error, so receivers heed nothing of it (RFC 7208 §4.6):'

/** Names an SPF lets send that are no hosts of the spec, with their addresses. */
type NamedApart = SpfMeaning['named']

/** Hosts where all their addresses may send, and what is left of the senders as addresses. */
function spfFrom(
  { senders, stated, named, include, terms, redirect, exp, all }: SpfMeaning,
  mx: readonly Name[],
  hosts: ReadonlyMap<Name, HostDraft>,
): { spf: SpfDraft; apart: NamedApart } {
  const maySend = (host: HostDraft): boolean => sendersOf(host).every((address) => senders.includes(address))
  const receivers = mx.flatMap((name) => hosts.get(name) ?? [])
  const doReceiversSend = receivers.every(maySend)
  const left = new Set(senders)
  const take = (host: HostDraft): boolean => sendersOf(host).filter((address) => left.delete(address)).length > 0
  if (doReceiversSend) receivers.forEach(take)
  const namedHosts = [...named.keys()].flatMap((name) => hosts.get(name) ?? [])
  const others = [...(doReceiversSend ? [] : receivers), ...namedHosts]
  const sendersToo = others.filter((host) => maySend(host) && take(host)).map(({ name }) => name)
  const taken = new Set([...sendersToo, ...(doReceiversSend ? receivers.map(({ name }) => name) : [])])
  // A name that is no host here goes on sending from where it is today when a host that shares its address moves.
  const apart = new Map([...named].filter(([name]) => !taken.has(name)))
  for (const addresses of apart.values()) for (const address of addresses) left.add(address)
  // So does an address that is stated beside the name of its host.
  for (const address of [...named.values()].flat()) if (stated.has(address)) left.add(address)
  const said = {
    include,
    terms,
    all,
    ...(redirect === undefined ? {} : { redirect }),
    ...(exp === undefined ? {} : { exp }),
  }
  return { spf: { mx: doReceiversSend, hosts: sendersToo, addresses: [...left], ...said }, apart }
}

/** What names nobody is no advice where the value in DNS names somebody. */
function doesNameSender(spf: SpfDraft, mx: DomainDraft['mx'], hosts: ReadonlyMap<Name, HostDraft>): boolean {
  const doReceiversSend = spf.mx && Array.isArray(mx) && mx.every(({ exchange }) => hosts.has(exchange))
  return doReceiversSend || spf.hosts.length + spf.addresses.length + spf.include.length + spf.terms.length > 0
}

function sendersOf({ addresses, egress }: HostDraft): string[] {
  return [...addresses, ...egress]
}

function apartRemarks(apart: NamedApart): SpfRemark[] {
  const lines = [...apart].map(([name, addresses]) => `${displayName(name)}  ${addresses.join(', ')}`)
  return lines.length === 0
    ? []
    : [remark('spf', 'Named in the SPF, and no host of this spec: these addresses go on sending.', lines)]
}

function unknownRemarks({ unknown }: SpfMeaning): SpfRemark[] {
  const lines = unknown.map(({ term, why }) => `${term}  ${why}`)
  return lines.length === 0 ? [] : [remark('spf', 'Left as terms of the SPF, which receivers look up:', lines)]
}

function ignoredRemarks({ ignored }: SpfMeaning): SpfRemark[] {
  return ignored.length === 0
    ? []
    : [
        remark(
          'spf',
          'Left out of the SPF, as it means nothing:',
          ignored.map(({ term, why }) => `${term}  ${why}`),
        ),
      ]
}
