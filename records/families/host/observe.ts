import type { Finding } from '../../finding.js'
import { familyOf } from '../../rr/address.js'
import { displayName } from '../../rr/name.js'
import { rdataTexts } from '../../rr/rrset.js'
import { finding } from '../../rules/rule.js'
import { answers, type ZoneView } from '../../rules/zone-view.js'

/** Hosts whose addresses others write: whether they are those that SPF and PTR say. */
export function observeHosts(view: ZoneView): Finding[] {
  return view.hosts.flatMap(({ name, publish, addresses, from }) => {
    if (publish || addresses.length === 0) return []
    const wanted = addresses.map(({ value }) => value)
    const differences = (['A', 'AAAA'] as const).flatMap((type) => {
      if (!answers(view, name, type)) return []
      const set = view.zone.get(view.zone.source(name), type)
      const held = set ? rdataTexts(set) : []
      const own = wanted.filter((address) => familyOf(address) === (type === 'A' ? 4 : 6))
      return [
        ...own.filter((address) => !held.includes(address)).map((address) => `not ${address}`),
        ...held.filter((address) => !own.some((one) => one === address)).map((address) => `${address} besides`),
      ]
    })
    if (differences.length === 0) return []
    return [
      finding(
        'warning',
        'host-addresses-differ',
        [...from, 'addresses'],
        `${displayName(name)} has other addresses in DNS than here, and mailsync does not write them (publish: false): it has ${differences.join(', ')}`,
        'put the addresses right here, as SPF and PTR are made of them; or let mailsync write them, without publish: false',
      ),
    ]
  })
}
