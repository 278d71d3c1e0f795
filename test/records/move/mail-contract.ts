import { checkHost } from '../../../records/families/spf/evaluate/check-host.js'
import type { SpfDns } from '../../../records/families/spf/evaluate/dns.js'
import type { CachedWorld } from './cached-world.js'

/** A machine that takes or sends mail. */
export interface Machine {
  readonly address: string
  readonly host: string
  /** The TLSA association of its certificate. */
  readonly key: string
}

/** The servers at which mail may be refused, whatever mixture of answers a sender goes by; none where all is well. */
export function undeliverable(world: CachedWorld, domain: string, now: number, alive: readonly Machine[]): string[] {
  const isAlive = (address: string): boolean => alive.some((machine) => machine.address === address)
  return world.remembered(`${domain} MX`, now).flatMap((mx) => {
    const hosts = mx
      .map((value) => ({ preference: Number(value.split(' ')[0]), host: value.split(' ')[1] ?? '' }))
      .sort((a, b) => a.preference - b.preference)
    const faults: string[] = []
    for (const { host } of hosts) {
      const answers = world.remembered(`${host} A`, now)
      for (const address of answers.flat()) {
        if (!isAlive(address)) faults.push(`${domain} MX ${host} leads to ${address}, which is down`)
        faults.push(
          ...refusedByDane(
            world,
            host,
            now,
            alive.find((machine) => machine.address === address),
          ),
        )
      }
      if (answers.length > 0 && answers.every((values) => values.length > 0)) return faults
    }
    return [...faults, `${domain} MX ${mx.join(', ')} leads nowhere`]
  })
}

function refusedByDane(world: CachedWorld, host: string, now: number, machine: Machine | undefined): string[] {
  if (!machine) return []
  return world
    .remembered(`_25._tcp.${host} TLSA`, now)
    .filter((values) => values.length > 0 && !values.some((value) => value.endsWith(machine.key)))
    .map((values) => `${host} at ${machine.address} has another key than ${values.join(', ')}`)
}

/** The names whose SPF may not pass a machine; none where all is well. */
export async function unpassed(
  world: CachedWorld,
  domain: string,
  now: number,
  { address, host }: Pick<Machine, 'address' | 'host'>,
): Promise<string[]> {
  const faults: string[] = []
  for (const name of [domain, host])
    for (let choice = 0; choice < 4; choice++) {
      const { result } = await checkHost(
        { ip: address, mailFrom: `a@${name.slice(0, -1)}`, helo: host.slice(0, -1) },
        dnsOf(world, now, choice),
      )
      if (result !== 'pass' && result !== 'none') faults.push(`the SPF of ${name} says ${result} to ${address}`)
    }
  return faults
}

/** A receiver that goes by one of the answers that may be remembered of each name. */
function dnsOf(world: CachedWorld, now: number, choice: number): SpfDns {
  return (async (name: string, type: string) => {
    const answers = world.remembered(`${name} ${type}`, now)
    const values = answers[choice % Math.max(1, answers.length)] ?? []
    if (values.length === 0) return { kind: 'nodata' }
    if (type !== 'MX') return { kind: 'answer', records: values }
    return {
      kind: 'answer',
      records: values.map((value) => ({
        preference: Number(value.split(' ')[0]),
        exchange: value.split(' ')[1] ?? '',
      })),
    }
  }) as SpfDns
}
