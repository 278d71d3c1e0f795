import { setTimeout as sleep } from 'node:timers/promises'
import { observeZone } from '../../providers/dns/client/observe-zone.js'
import { type PublicDns, publicDns } from '../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../records/error.js'
import { type Address, familyOf } from '../../records/rr/address.js'
import { displayName, type Name } from '../../records/rr/name.js'
import { keyOf } from '../../records/rr/rrset.js'

/** A name that must have an address before a PTR of the address may lead to it. */
export interface ForwardNeed {
  readonly name: Name
  readonly address: Address
}

/** Waits until every authoritative server shows what is needed, and says of the rest, by its address, why it is not seen. */
export type AwaitForward = (needs: readonly ForwardNeed[]) => Promise<ReadonlyMap<Address, string>>

export interface ForwardOptions {
  /** `address[:port]` of the resolver that finds the servers, or `root`; default: those the system is set up with. */
  readonly resolver?: string | undefined
  /** Where authoritative servers are asked; default 53. */
  readonly port?: number
  /** Seconds in all; default 120. */
  readonly limit?: number | undefined
  readonly signal: AbortSignal
  /** Takes progress in words. */
  readonly report: (message: string) => void
}

const LIMIT = 120
/** Seconds between two looks: the first, and the most. */
const PAUSE = { first: 1, most: 10 }

export function forwardWaiter({ resolver, port, limit = LIMIT, signal, report }: ForwardOptions): AwaitForward {
  return async (needs) => {
    const dns = publicDns({ resolver, ...(port !== undefined && { port }) })
    const begun = performance.now()
    const passed = (): number => (performance.now() - begun) / 1000
    try {
      for (let pause = PAUSE.first; ; pause = Math.min(pause * 2, PAUSE.most)) {
        const looks = await Promise.all(needs.map(async (need) => [need, await whyUnseen(dns, need, signal)] as const))
        const open = looks.flatMap(([need, why]) => (why === undefined ? [] : [[need, why] as const]))
        const left = limit - passed()
        if (open.length === 0 || left <= 0) return new Map(open.map(([{ address }, why]) => [address, why]))
        const [[, why] = [undefined, '']] = open
        const more = open.length > 1 ? `, and ${open.length - 1} more` : ''
        report(`waiting for the address before its PTR: ${why}${more} (${Math.round(left)} s left)`)
        await sleep(Math.min(pause, left) * 1000, undefined, { signal }).catch(() => undefined)
        if (signal.aborted) return new Map(open.map(([{ address }, reason]) => [address, reason]))
      }
    } finally {
      dns.close()
    }
  }
}

/** Why a name is not known to have an address at every authoritative server; undefined where it has. */
async function whyUnseen(
  dns: PublicDns,
  { name, address }: ForwardNeed,
  signal: AbortSignal,
): Promise<string | undefined> {
  const question = { name, type: familyOf(address) === 4 ? 'A' : 'AAAA' }
  const what = `${displayName(name)} ${question.type} ${address}`
  try {
    const zone = await dns.zones.find(name, signal)
    const { said, faults } = await observeZone(dns.client, zone, [question], signal)
    const groups = said.get(keyOf(question)) ?? []
    const lacking = groups.flatMap(({ outcome, servers }) =>
      outcome.kind === 'rrset' && outcome.rrset.rdata.some((rdata) => rdata === address)
        ? []
        : servers.map(({ nameServer }) => nameServer),
    )
    if (lacking.length > 0) return `${what} is not shown by ${[...new Set(lacking)].join(' and ')}`
    const [fault] = faults.filter(({ kind }) => kind !== 'no-route')
    if (fault) return `it is not known whether all servers show ${what}: ${fault.message}`
    return groups.length > 0 ? undefined : `no server shows ${what}`
  } catch (error) {
    if (!(error instanceof MailsyncError)) throw error
    return `it is not known whether ${what} is shown: ${error.message}`
  }
}
