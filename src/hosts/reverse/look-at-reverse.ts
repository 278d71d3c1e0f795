import type { Compiled } from '../../../records/compile.js'
import type { Address } from '../../../records/rr/address.js'
import { type Name, zoneOf } from '../../../records/rr/name.js'
import { type ReverseAliases, reverseName } from '../../../records/rr/reverse.js'
import type { Zone } from '../../../records/rr/zone.js'
import type { MailSpec } from '../../../records/spec.js'
import type { ReverseDns, ReverseView, Seen } from './reverse-dns.js'

/** Reverse name → what DNS shows there, of those that were asked for. */
export type SeenReverse = ReadonlyMap<Name, Seen<ReverseView>>

/** Asks for the reverse names that are in no zone which is read: what others may have set, and where their CNAMEs lead. */
export async function lookAtReverse({ manual }: Pick<Compiled, 'manual'>, dns: ReverseDns): Promise<SeenReverse> {
  const addresses = addressesOf({ manual })
  const seen = await Promise.all(
    [...addresses].map(async (address) => [reverseName(address), await dns.reverseOf(address)] as const),
  )
  return new Map(seen.flatMap(([name, view]) => (view ? [[name, view] as const] : [])))
}

/** The reverse names that only DNS can tell of, and that it was not asked for, or did not answer. */
export function untoldNames(
  all: Pick<Compiled, 'manual'>,
  asked: Pick<Compiled, 'manual'>,
  seen: SeenReverse,
): Set<Name> {
  const told = [...addressesOf(asked)].map(reverseName).filter((name) => !('unanswered' in (seen.get(name) ?? {})))
  const untold = new Set([...addressesOf(all)].map(reverseName))
  for (const name of told) untold.delete(name)
  return untold
}

function addressesOf({ manual }: Pick<Compiled, 'manual'>): Set<Address> {
  return new Set(manual.flatMap(({ reverse }) => addressesIn(reverse)))
}

/** The addresses that a step is about. */
function addressesIn(reverse: Compiled['manual'][number]['reverse']): readonly Address[] {
  if (reverse === undefined) return []
  return reverse.kind === 'ptr' ? [reverse.address] : reverse.addresses
}

/** Where CNAMEs lead that DNS shows. */
export function aliasesSeen(seen: SeenReverse): ReverseAliases {
  const led = [...seen].flatMap(([name, view]): [Name, Name][] => {
    const target = 'chain' in view ? view.chain.at(-1) : undefined
    return target === undefined ? [] : [[name, target]]
  })
  return new Map(led)
}

/** For most zones: a map of its own takes as much memory as a record. */
const NOTHING: ReverseAliases = new Map()

/** Where the CNAMEs of a zone that was read lead from some reverse names, as far as it tells. */
export function aliasesHeld(names: readonly Name[], zone: Zone): ReverseAliases {
  if (names.length === 0) return NOTHING
  const led = names.flatMap((name): [Name, Name][] => {
    const passed = new Set([name])
    let at = name
    for (
      let next = zone.get(at, 'CNAME')?.rdata[0];
      next && !passed.has(next);
      next = zone.get(at, 'CNAME')?.rdata[0]
    ) {
      passed.add(next)
      at = next
    }
    return at === name ? [] : [[name, at]]
  })
  return new Map(led)
}

/** Of the CNAMEs that zones hold, those that lead to a declared zone in which no PTR is planned yet. */
export function newAliases(held: ReverseAliases, { input }: Compiled): ReverseAliases {
  const planned = new Set(input.records.flatMap(({ purpose, rrset }) => (purpose === 'ptr' ? [rrset.name] : [])))
  return new Map([...held].filter(([, target]) => !planned.has(target) && zoneOf(target, input.zones) !== undefined))
}

/** The reverse names whose PTR mailsync writes where it can. */
export function reverseNamesOf({ spec }: { readonly spec: Pick<MailSpec, 'hosts'> }): Name[] {
  return spec.hosts.flatMap(({ reverse, addresses }) =>
    reverse === false || reverse === 'manual' ? [] : addresses.map(({ value }) => reverseName(value)),
  )
}
