import { quoted } from '../../../records/cut.js'
import type { SpecPath } from '../../../records/finding.js'
import { relayNamed } from '../../../records/relays/index.js'
import type { Relay } from '../../../records/relays/relay.js'
import { keyInputs, type RelayRecords, relayRecords } from '../../../records/relays/relay-records.js'
import { joinName, type Name, parseName, withoutDot } from '../../../records/rr/name.js'
import type { Domain, HeldKey, Located, MxTarget, RelayUse } from '../../../records/spec.js'
import type { Reading } from '../reading.js'
import type { AskedRelay } from '../relays/asked-relay.js'
import { receivers } from '../relays/receiving-relays.js'
import { relayHint } from '../relays/relay-hint.js'
import type { RawRelay, RawRelays } from '../relays/relays-schema.js'
import { hintFor, toldOf } from '../relays/told-of-relay.js'

/** What the relays of a domain add to it. */
export interface BuiltRelays {
  readonly relays: readonly RelayUse[]
  readonly include: readonly Located<Name>[]
  readonly heldKeys: readonly HeldKey[]
  /** The servers of the relay that receives. */
  readonly mx?: readonly MxTarget[]
  /** The names at which relays take bounces: an MX and an SPF, and nothing else. */
  readonly domains: readonly Pick<Domain, 'name' | 'mx' | 'spf' | 'from'>[]
}

interface Context {
  readonly name: Name
  /** Of the domain. */
  readonly from: SpecPath
  /** The `mx` of the domain, as it was read. */
  readonly mx: Domain['mx']
}

/** The relays of a domain with those of the defaults, and what they mean. */
export function buildRelays(
  reading: Reading,
  own: RawRelays | false | undefined,
  defaults: RawRelays | undefined,
  { name, from, mx }: Context,
): BuiltRelays {
  const asked = own === false ? [] : askedRelays(reading, own, defaults, from)
  const receiving = receivers(reading, asked, mx)
  const built = asked.map((one) => buildRelay(reading, one, { name, from, receives: receiving.includes(one) }))
  const servers = built.flatMap((one) => one.mx ?? [])
  return {
    relays: built.flatMap((one) => one.relays),
    include: built.flatMap(({ include }) => include),
    heldKeys: built.flatMap(({ heldKeys }) => heldKeys),
    ...(mx === undefined && servers.length > 0 ? { mx: servers } : {}),
    domains: built.flatMap(({ domains }) => domains),
  }
}

function askedRelays(
  reading: Reading,
  own: RawRelays | undefined,
  defaults: RawRelays | undefined,
  from: SpecPath,
): AskedRelay[] {
  const asked = new Map<string, AskedRelay>()
  for (const [raws, base] of [
    [defaults, ['defaults', 'relays']],
    [own, [...from, 'relays']],
  ] as const)
    for (const one of listed(reading, raws ?? [], base)) {
      const before = asked.get(one.relay.name)
      if (before === undefined) asked.set(one.relay.name, one)
      else
        asked.set(one.relay.name, {
          ...one,
          raw: { ...before.raw, ...one.raw },
          placeOf: (key) => (Object.hasOwn(one.raw, key) ? one : before).placeOf(key),
        })
    }
  return [...asked.values()]
}

/** The relays of a list or a mapping, each once. */
function listed(reading: Reading, raws: RawRelays, base: SpecPath): AskedRelay[] {
  const entries: [string, RawRelay, SpecPath][] = Array.isArray(raws)
    ? raws.map((name: string, index): [string, RawRelay, SpecPath] => [name, {}, [...base, index]])
    : Object.entries(raws as Exclude<RawRelays, readonly string[]>).map(([name, raw = {}]) => [
        name,
        raw,
        [...base, name],
      ])
  const seen = new Set<string>()
  return entries.flatMap(([name, raw, place]): AskedRelay[] => {
    const relay = relayNamed(name.toLowerCase())
    if (relay === undefined)
      reading.report('relay-unknown', place, `there is no relay ${quoted(name)}`, relayHint(name))
    else if (seen.has(relay.name))
      reading.report('relay-twice', place, `${relay.name} is there twice`, 'remove one of the two')
    if (relay === undefined || seen.has(relay.name)) return []
    seen.add(relay.name)
    return [{ relay, raw, place, placeOf: (key) => [...place, key] }]
  })
}

function buildRelay(
  reading: Reading,
  { relay, raw, place, placeOf }: AskedRelay,
  { name, from, receives }: { readonly name: Name; readonly from: SpecPath; readonly receives: boolean },
): BuiltRelays {
  const { told, wrong } = toldOf(reading, relay, raw, { domain: name, place: placeOf })
  const wanted = relayRecords(relay, { told, domain: withoutDot(name), receives })
  for (const key of wanted.missing) if (!wrong.has(key)) reportMissing(reading, relay, key, place)
  const at: SpecPath = [...from, 'relays', relay.name]
  const parts = wanted.names.map((one) => ({
    one,
    name: nameOf(joinName(one.label, name)),
    from: [...at, keyOfName(relay, one.what)],
  }))
  return {
    relays: [
      {
        relay: relay.name,
        aliases: parts.flatMap(({ one, name, from }) =>
          'cname' in one ? [{ name, target: nameOf(one.cname), from }] : [],
        ),
        without: wanted.without,
        hasKey: wanted.keys.length > 0 || relay.dkim.length === 0,
        from: at,
      },
    ],
    include: wanted.include === undefined ? [] : [{ value: nameOf(wanted.include), from: at }],
    heldKeys: wanted.keys.map((key) => ({
      selector: key.selector,
      record: 'cname' in key ? { cname: nameOf(key.cname) } : { txt: key.txt },
      from: at,
    })),
    mx: targetsOf(wanted.mx, [...at, 'mx']),
    domains: parts.flatMap(({ one, name, from }) =>
      'mx' in one ? [{ name, from, mx: targetsOf(one.mx, from), spf: bounceSpf(nameOf(one.spf), from) }] : [],
    ),
  }
}

function reportMissing(reading: Reading, relay: Relay, key: string, place: SpecPath): void {
  const input = relay.inputs[key]
  if (input === undefined) return
  const { what, looksLike, count } = input
  const many = count === undefined ? what : `${what}, ${count} of them`
  const other = relay.dkim.length > 1 && keyInputs(relay).includes(key) ? keyInputs(relay, 1) : []
  const instead = other.length === 0 ? '' : `; or tell ${other.join(' and ')} in its place, where it shows a TXT`
  reading.report(
    'relay-missing',
    [...place, key],
    `${relay.title} wants ${key}: ${many} (${looksLike})`,
    `${hintFor(input)}${instead}`,
  )
}

/** The input that the label of a name is. */
function keyOfName(relay: Relay, what: string): string {
  const label = relay.names.find((name) => name.what === what)?.label ?? ''
  return label.replace(/[{}]/g, '')
}

function targetsOf(mx: RelayRecords['mx'], from: SpecPath): MxTarget[] {
  return mx.map(({ preference, exchange }) => ({ host: nameOf(exchange), preference, from }))
}

function bounceSpf(include: Name, from: SpecPath): Domain['spf'] {
  const nothing = { hosts: [], addresses: [], flatten: [], terms: [] }
  return { ...nothing, mx: false, include: [{ value: include, from }], all: 'softfail', from }
}

/** What a template made; that it is a name, the patterns of its inputs have seen to. */
function nameOf(text: string): Name {
  const name = parseName(text)
  if (typeof name === 'string') return name
  throw new Error(`a relay makes ${text}: ${name.error}`)
}
