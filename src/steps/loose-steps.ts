import type { ManualStep } from '../../records/families/family.js'
import { displayName, type Name } from '../../records/rr/name.js'
import { reverseName } from '../../records/rr/reverse.js'
import { keyOf, type RRset } from '../../records/rr/rrset.js'
import type { SeenReverse } from '../hosts/reverse/look-at-reverse.js'
import type { ReverseDns, ReverseView, Seen } from '../hosts/reverse/reverse-dns.js'
import type { PlannedManualStep } from '../plan/plan.js'
import type { Locate } from '../problem.js'
import { holderText } from './address-holders.js'
import { looseEntries } from './panel-entries.js'
import { ptrRemarks, type Remark } from './ptr-remarks.js'
import { delegationRequest, ptrRequest } from './reverse-requests.js'

/** What is known of DNS while steps are told. */
export interface LooseView {
  /** What DNS shows at reverse names, of those that were asked for. */
  readonly seen: SeenReverse
  /** Absent where DNS is not asked. */
  readonly dns?: ReverseDns | undefined
  readonly locate: Locate
}

/** What only a person can do outside of the zones of the spec. A step that DNS shows to be done is gone. */
export async function looseSteps(steps: readonly ManualStep[], view: LooseView): Promise<PlannedManualStep[]> {
  const told = await Promise.all(steps.map((step) => toldStep(step, view)))
  return told.flat()
}

async function toldStep(step: ManualStep, view: LooseView): Promise<PlannedManualStep[]> {
  const { what, why, from, rrset, besides = [], reverse } = step
  const plain = { what, why, where: view.locate(from) }
  const entries = (rrsets: readonly RRset[]) => rrsets.flatMap(looseEntries)
  if (reverse === undefined) return [{ ...plain, entries: entries([rrset, ...besides]) }]
  if (reverse.kind === 'delegation') {
    const open = [rrset, ...besides].filter((cname) => !isLed(cname, view.seen.get(cname.name)))
    if (open.length === 0) return []
    const text = delegationRequest(reverse.zone, open)
    return [
      {
        ...plain,
        entries: entries(open),
        ...withRemarks(unknownOf(open, view.seen)),
        request: { to: holderText(reverse.addresses), text },
      },
    ]
  }
  const { address, target } = reverse
  const name = reverseName(address)
  const seen = view.seen.get(name)
  const isSet = seen !== undefined && 'names' in seen && seen.names.length === 1 && seen.names[0] === target
  const unconfirmed = isSet && view.dns ? await unconfirmedBy(target, address, view.dns) : undefined
  if (isSet && unconfirmed === undefined) return []
  const told = { ...plain, entries: entries([rrset]), reverse: { address, name, target } }
  if (unconfirmed !== undefined) return [{ ...told, remarks: [unconfirmed], waits: [displayName(target)] }]
  const remarks = seen && view.dns ? await ptrRemarks({ address, target, name: rrset.name }, seen, view.dns) : []
  return [
    {
      ...told,
      ...withRemarks(remarks),
      request: { to: holderText([address]), text: ptrRequest(address, target, rrset.name) },
    },
  ]
}

function withRemarks(remarks: readonly Remark[]): { remarks?: readonly Remark[] } {
  return remarks.length === 0 ? {} : { remarks }
}

/** Whether a CNAME is there, on the way that receivers take. */
function isLed(cname: RRset, seen: Seen<ReverseView> | undefined): boolean {
  return seen !== undefined && 'chain' in seen && seen.chain.includes(cname.rdata[0] as Name)
}

function unknownOf(cnames: readonly RRset[], seen: SeenReverse): Remark[] {
  return cnames.flatMap((cname) => {
    const view = seen.get(cname.name)
    return view && 'unanswered' in view ? [notKnown(keyOf(cname), view.unanswered)] : []
  })
}

function notKnown(what: string, why: string): Remark {
  return { rule: 'not-known', message: `it is not known whether ${what} is there: ${why}` }
}

/** Why a PTR that is as it should be is not enough yet; undefined where its target has the address. */
async function unconfirmedBy(target: Name, address: string, dns: ReverseDns): Promise<Remark | undefined> {
  const found = await dns.addressesOf(target, address as Parameters<ReverseDns['addressesOf']>[1])
  const [host, type] = [displayName(target), address.includes(':') ? 'AAAA' : 'A']
  if ('unanswered' in found) return notKnown(`the address of ${host}`, found.unanswered)
  if (found.addresses.includes(address)) return undefined
  const held = found.addresses.length === 0 ? `no ${type} record` : `the ${type} ${found.addresses.join(', ')}`
  return {
    rule: 'ptr-unconfirmed',
    message: `the PTR is as it should be, and ${host} has ${held} in DNS, not ${address}: receivers want both to agree`,
    hint: 'there is nothing to ask for; it is done once the address of the host shows',
  }
}
