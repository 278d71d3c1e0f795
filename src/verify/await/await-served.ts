import { setTimeout as sleep } from 'node:timers/promises'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import { keyOf } from '../../../records/rr/rrset.js'
import type { MailSpec } from '../../../records/spec.js'
import { zoneServers } from '../../dkim/rotation/zone-servers.js'
import type { ZoneFailure } from '../../plan/plan.js'
import { internet, type Outside } from '../ask/outside.js'
import { checkServed } from '../checks/served-records.js'
import { type DnsView, dnsView } from '../view/dns-view.js'
import { faultsIn, listed } from '../words.js'
import { type GoneValues, whyStillThere } from './gone-values.js'

export interface AwaitServedInput {
  readonly spec: Pick<MailSpec, 'zones'>
  readonly records: ReadonlyMap<Name, readonly MailRecord[]>
  /** What was taken away, and is to be gone at every server. */
  readonly gone: readonly GoneValues[]
  /** `address[:port]` of the resolver that finds the servers, or `root`; default: those the system is set up with. */
  readonly resolver: string | undefined
  /** Seconds in all; default 300. */
  readonly limit: number | undefined
  readonly signal: AbortSignal
  /** Takes progress in words. */
  readonly report: (message: string) => void
}

const LIMIT = 300
/** Seconds between two looks: the first, and the most. */
const PAUSE = { first: 1, most: 15 }

interface Open {
  readonly zone: Name
  readonly name: Name
  readonly type: string
  /** Why it is not yet as it is to be; undefined where it is. */
  readonly look: (dns: DnsView) => Promise<string | undefined>
  readonly why: string
}

/** Waits until every name server of each zone answers as it is to, and says of the others what is missing where. */
export async function awaitServed(input: AwaitServedInput, outside: Outside = internet): Promise<ZoneFailure[]> {
  const { spec, limit = LIMIT, signal, report } = input
  const begun = performance.now()
  let open: Open[] = [
    ...[...input.records].flatMap(([zone, list]) => list.map((record) => openRecord(record, zone))),
    ...input.gone.map((values) => ({ ...values, look: (dns: DnsView) => whyStillThere(values, dns), why: '' })),
  ]
  for (let pause = PAUSE.first; ; pause = Math.min(pause * 2, PAUSE.most)) {
    open = await stillOpen(open, input, outside)
    const left = limit - (performance.now() - begun) / 1000
    const [first, ...others] = open
    if (!first || left <= 0 || signal.aborted) return failuresOf(open, spec)
    const more = others.length === 0 ? '' : `, and ${others.length} more`
    report(`waiting for the name servers: ${keyOf(first)}: ${first.why}${more} (${Math.round(left)} s left)`)
    await sleep(Math.min(pause, left) * 1000, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return failuresOf(open, spec)
  }
}

/** A server that is silent is waited for too, even where all others have the record. */
function openRecord(record: MailRecord, zone: Name): Open {
  const { name, type } = record.rrset
  const look = async (dns: DnsView): Promise<string | undefined> => {
    const { verdict, seen } = await checkServed(record, zone, { dns })
    if (verdict === 'unknown') return seen
    const silent = faultsIn(await dns.everywhere(record.rrset))
    return verdict !== 'fail' ? silent : silent === undefined ? seen : `${seen}; ${silent}`
  }
  return { zone, name, type, look, why: '' }
}

/** Asks anew: nothing of a look before is remembered. */
async function stillOpen(
  open: readonly Open[],
  { spec, records, gone, resolver, signal }: AwaitServedInput,
  outside: Outside,
): Promise<Open[]> {
  const dns = outside.openDns(resolver)
  try {
    const ours = new Map([...records.keys(), ...gone.map(({ zone }) => zone)].map((zone) => [zone, true]))
    const view = dnsView({ dns, ours, servers: zoneServers(spec, dns), signal })
    const looks = open.map(async (one): Promise<Open[]> => {
      const why = await one.look(view)
      return why === undefined ? [] : [{ ...one, why }]
    })
    return (await Promise.all(looks)).flat()
  } finally {
    dns.close()
  }
}

function failuresOf(open: readonly Open[], { zones }: AwaitServedInput['spec']): ZoneFailure[] {
  const byZone = new Map<Name, Open[]>()
  for (const one of open) byZone.set(one.zone, [...(byZone.get(one.zone) ?? []), one])
  return [...byZone].map(([zone, list]) => ({
    zone,
    provider: (zones.get(zone)?.targets ?? []).join(', '),
    code: 'timeout',
    message: listed(list.map((one) => `${keyOf(one)}: ${one.why}`)),
    hint: 'mailsync verify shows all that differs, and where',
  }))
}
