import { isSpfValue } from '../../../../records/families/spf/read-spf.js'
import { type Address, scopeOf } from '../../../../records/rr/address.js'
import { displayName, type Name } from '../../../../records/rr/name.js'
import { type ReverseOwner, reverseOwners } from '../../../../records/rr/reverse.js'
import { ownerText } from '../../../steps/address-holders.js'
import type { Gathered } from '../../source/gather.js'
import { draftCaa } from '../certificates/draft-caa.js'
import { draftTlsa } from '../certificates/draft-tlsa.js'
import type { HostDraft } from '../draft.js'
import { remark } from '../remark.js'
import { spfMeaning } from '../spf/spf-meaning.js'

type Reverse = Pick<HostDraft, 'reverse' | 'remarks'>

/** Prepares the drafts of hosts: what stands at a name with addresses, and at the reverse names of those. */
export function hostDrafter({ holdings, managed }: Gathered): (name: Name, addresses: readonly Address[]) => HostDraft {
  const ownerOf = reverseOwners([...holdings.zones.keys()])
  const managedOwnerOf = reverseOwners([...managed.keys()])
  return (name, addresses) => {
    const helo = draftHelo(name, addresses, holdings)
    const reverse = draftReverse(name, addresses)
    const caa = draftCaa(name, holdings)
    const tlsa = draftTlsa(name, holdings)
    const remarks = [...reverse.remarks, ...helo.remarks, ...caa.remarks, ...tlsa.remarks]
    return { name, addresses, publish: true, ...helo, ...reverse, ...caa, ...tlsa, remarks }
  }

  function draftReverse(name: Name, addresses: readonly Address[]): Reverse {
    const placed = addresses.map((address) => ({ address, owner: ownerOf(address) }))
    const wrong = placed.flatMap(({ address, owner }) => (owner ? (mismatch(address, owner, name) ?? []) : []))
    if (wrong.length > 0)
      return off(`The PTR is not this host’s: ${wrong.join(', ')}. Without this line mailsync would write it.`)
    const outside = placed.filter(({ owner }) => owner === undefined).map(({ address }) => address)
    const kept = outside.flatMap((address) => managedOwnerOf(address)?.zone ?? [])
    if (kept.length > 0)
      return off(`The PTR is in ${kept[0]}, into which the spec of the owner ${managed.get(kept[0] as Name)} writes.`)
    const unseen = outside.filter((address) => ['private', 'special'].includes(scopeOf(address)))
    if (unseen.length > 0)
      return off(
        `${unseen.join(' and ')} ${unseen.length > 1 ? 'are no addresses' : 'is no address'} the Internet sees.`,
      )
    if (outside.length < addresses.length || outside.length === 0) return { reverse: 'auto', remarks: [] }
    return {
      reverse: 'manual',
      remarks: [
        remark(
          'reverse',
          `No zone here has the PTR of ${outside.join(', ')}: whoever gave you the address sets it. ${ownerText(outside)}With false \`plan\` does not remind of it.`,
        ),
      ],
    }
  }

  function mismatch(address: Address, owner: ReverseOwner, name: Name): string | undefined {
    const ptr = holdings.get(owner.name, 'PTR')
    if (holdings.get(owner.name, 'CNAME')) return `${address} has a CNAME there`
    if (!ptr) return `${address} has none`
    if (ptr.locked !== undefined) return `that of ${address} cannot be written (${ptr.locked})`
    return ptr.rdata.length === 1 && ptr.rdata[0] === name
      ? undefined
      : `${address} leads to ${ptr.rdata.map(displayName).join(' and ')}`
  }
}

/** The SPF of the host's own name: `a` or its addresses, the addresses of a NAT in front of it, and `-all`. */
function draftHelo(
  name: Name,
  addresses: readonly Address[],
  holdings: Gathered['holdings'],
): Pick<HostDraft, 'egress' | 'heloSpf' | 'remarks'> {
  const values = holdings.texts(name).filter(isSpfValue)
  const none = { egress: [], heloSpf: false }
  if (values.length === 0)
    return {
      ...none,
      remarks: [
        remark('helo_spf', 'Its own name has no SPF today; without this line mailsync would add "v=spf1 a -all".'),
      ],
    }
  const meaning = spfMeaning(values[0] as string, name, holdings)
  const { senders, include, terms, exp, all, ignored, unsupported, faults } = meaning
  const others = [include, terms, ignored, unsupported, faults, exp === undefined ? [] : [exp]]
  const isPlain = values.length === 1 && others.every((one) => one.length === 0) && all === 'fail'
  if (
    !isPlain ||
    !addresses.every((address) => senders.includes(address)) ||
    senders.some((sender) => sender.includes('/'))
  )
    return {
      ...none,
      remarks: [remark('helo_spf', 'The SPF of its own name is no plain one, and stays as it is:', values)],
    }
  const egress = senders.filter((sender) => !addresses.includes(sender as Address)) as Address[]
  return { egress, heloSpf: true, remarks: [] }
}

function off(text: string): Reverse {
  return { reverse: false, remarks: [remark('reverse', text)] }
}
