import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { isPublic } from '../../../records/rr/address.js'
import { displayName, isWithin, type Name } from '../../../records/rr/name.js'
import type { DomainDraft, Draft, HostDraft } from '../../import/draft/draft.js'
import { remark } from '../../import/draft/remark.js'
import type { Answers } from '../answers.js'
import type { DnsView } from '../dns-view.js'

/** The hosts of the draft with the one that was told; and those of them whose records are to be other than DNS has them. */
export function wishedHosts(
  held: Draft['hosts'],
  { name: domain, mx }: DomainDraft,
  { host }: Answers,
  view: DnsView | undefined,
): { hosts: Map<Name, HostDraft>; wanted: Set<Name> } {
  const hosts = new Map(held)
  const wanted = new Set<Name>()
  if (host) {
    const before = held.get(host.name)
    const { reverse, heloSpf, egress, publish, remarks } = before ?? NEW
    hosts.set(host.name, { ...host, publish, egress, reverse, heloSpf, remarks })
    if (!before || [...before.addresses].sort().join() !== [...host.addresses].sort().join()) wanted.add(host.name)
  }
  const isReceiver = (name: Name): boolean => Array.isArray(mx) && mx.some(({ exchange }) => exchange === name)
  for (const [name, draft] of hosts) {
    const pointed = withReverse(draft, view)
    hosts.set(name, pointed)
    const hasSpf = view?.gathered.holdings.texts(name).some(isSpfValue) ?? false
    const isMissing = !pointed.heloSpf && !hasSpf && name !== domain && isWithin(name, view?.zone ?? domain)
    if (!isMissing || !(isReceiver(name) || name === host?.name)) continue
    wanted.add(name)
    hosts.set(name, { ...pointed, heloSpf: true, remarks: pointed.remarks.filter(({ key }) => key !== 'helo_spf') })
  }
  return { hosts, wanted }
}

const NEW: Pick<HostDraft, 'reverse' | 'heloSpf' | 'egress' | 'publish' | 'remarks'> = {
  publish: true,
  reverse: 'manual',
  heloSpf: false,
  egress: [],
  remarks: [],
}

/** Who sets the PTR: nobody where it leads back already, else whoever gave the address, in a step that `plan` reminds of. */
function withReverse(host: HostDraft, view: DnsView | undefined): HostDraft {
  if (host.reverse !== 'manual') return host
  const others = host.remarks.filter(({ key }) => key !== 'reverse')
  if (!host.addresses.some(isPublic))
    return {
      ...host,
      reverse: false,
      remarks: [...others, remark('reverse', 'No address that the Internet sees, so no PTR.')],
    }
  const seen = host.addresses.map((address) => ({ address, names: view?.pointers.get(address) }))
  const isRight = seen.every(({ names }) => names?.length === 1 && names[0] === host.name)
  const told = seen.flatMap(({ address, names }) =>
    names === undefined ? [] : `${address} has ${names.length === 0 ? 'none' : names.map(displayName).join(', ')}`,
  )
  const about = isRight
    ? 'The PTR leads back to this name already. `manual` in place of false reminds of it in every plan.'
    : `The PTR of an address is set by whoever gave it to you, and \`plan\` reminds of it.${told.length === 0 ? '' : ` Today: ${told.join('; ')}.`}`
  return { ...host, reverse: isRight ? false : 'manual', remarks: [...others, remark('reverse', about)] }
}
