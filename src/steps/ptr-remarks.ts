import { type Address, familyOf } from '../../records/rr/address.js'
import { displayName, isWithin, joinName, type Name, parentOf, ROOT, withoutDot } from '../../records/rr/name.js'
import { ancestors } from '../../records/rr/zone.js'
import type { ReverseDns, ReverseView, Seen } from '../hosts/reverse/reverse-dns.js'
import type { PlannedManualStep } from '../plan/plan.js'
import { wrongNames } from './wrong-name.js'
import { valueMistake } from './wrong-value.js'

export type Remark = NonNullable<PlannedManualStep['remarks']>[number]

/** A PTR that somebody was to set. */
export interface WantedPtr {
  readonly address: Address
  readonly target: Name
  /** Where it is to stand: the reverse name, or what its CNAME leads to. */
  readonly name: Name
}

/** What was done wrongly, or stands in its place, where the PTR of an address is not as wanted. */
export async function ptrRemarks(wanted: WantedPtr, seen: Seen<ReverseView>, dns: ReverseDns): Promise<Remark[]> {
  if ('unanswered' in seen)
    return [{ rule: 'not-known', message: `it is not known whether it is done: ${seen.unanswered}` }]
  const others = seen.names.filter((name) => name !== wanted.target)
  if (seen.names.includes(wanted.target)) return [several(wanted, seen.names)]
  if (others.length > 0) return others.map((name) => ledTo(name, wanted))
  return misplaced(wanted, dns)
}

function several({ address, target }: WantedPtr, names: readonly Name[]): Remark {
  return {
    rule: 'ptr-several',
    message: `${address} has ${names.length} PTRs, ${names.join(' and ')}: receivers take any of them, and the wrong one is not confirmed`,
    hint: `ask to keep ${target} alone`,
  }
}

function ledTo(held: Name, { address, target, name }: WantedPtr): Remark {
  const appended = ancestors(parentOf(name), ROOT).find((zone) => held === joinName(withoutDot(target), zone))
  if (appended !== undefined && appended !== ROOT)
    return {
      rule: 'relative-target',
      message: `the PTR leads to ${held}: the zone was put behind the name, as it has no dot at its end`,
      hint: `it has to be entered with the dot: ${target}`,
    }
  const mistake = valueMistake('PTR', target, held, parentOf(name))
  if (mistake !== undefined)
    return {
      rule: mistake,
      message: `the PTR leads to ${held}: something was entered besides the name`,
      hint: `the target is ${target} alone`,
    }
  const isDefault = [address, ...(familyOf(address) === 4 ? [address.replaceAll('.', '-')] : [])].some(
    (text) =>
      held.includes(text) ||
      held.includes(text.split(/[.-]/).reverse().join('.')) ||
      held.includes(text.split(/[.-]/).reverse().join('-')),
  )
  return {
    rule: 'ptr-other',
    message: `the PTR leads to ${held} now${isDefault ? ', which looks like the default name of whoever owns the address' : ''}`,
    hint: `it is to lead to ${target}`,
  }
}

/** A PTR that was entered under another name, such as the address written forwards. */
async function misplaced({ address, target, name }: WantedPtr, dns: ReverseDns): Promise<Remark[]> {
  const zone = parentOf(name)
  const tree = (isWithin(name, 'in-addr.arpa.' as Name) ? 'in-addr.arpa.' : 'ip6.arpa.') as Name
  const forwards = familyOf(address) === 4 ? [{ name: joinName(address, tree), mistake: 'not-reversed' as const }] : []
  const places = [...forwards, ...wrongNames(name, 'PTR', zone).filter((one) => !one.name.includes('\\'))]
  const found = await Promise.all(places.map(async (place) => ({ ...place, names: await dns.ptrsAt(place.name) })))
  const wrong = found.find(({ names }) => names.includes(target))
  if (!wrong) return []
  const why = wrong.mistake === 'not-reversed' ? 'the address is written forwards' : 'the zone is there twice'
  return [
    {
      rule: wrong.mistake,
      message: `a PTR to ${displayName(target)} stands at ${wrong.name}: ${why}`,
      hint: `it belongs at ${name}`,
    },
  ]
}
