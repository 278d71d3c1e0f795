import { readDkim } from '../families/dkim/read-dkim.js'
import { type Name, withoutDot } from '../rr/name.js'
import type { Mx } from '../rr/rdata.js'
import type { HeldKey } from '../spec.js'
import type { KeyTemplate, MxTemplate, NameTemplate, Relay } from './relay.js'
import { relayRecords } from './relay-records.js'
import { inputsIn, matched, type Told } from './template.js'

/** What DNS has of a domain, as far as relays are concerned. */
export interface SeenInDns {
  readonly domain: Name
  /** Undefined where no spec says its SPF, so that no relay adds to it. */
  readonly includes: readonly Name[] | undefined
  readonly keys: readonly Pick<HeldKey, 'selector' | 'record'>[]
  readonly mx: readonly Mx[]
  readonly below: readonly SeenBelow[]
}

/** A name below the domain: a CNAME, or one with an MX and an SPF of nothing but an include. */
export type SeenBelow = { readonly label: string } & (
  | { readonly cname: Name }
  | { readonly mx: readonly Mx[]; readonly include: Name }
)

export interface RecognisedRelay {
  readonly relay: Relay
  readonly told: Told
  /** Whether the MX are the relay's. */
  readonly receives: boolean
}

/** A relay whose records DNS has, all of them, with what has to be told for a spec to make just these; else undefined. */
export function recognise(relay: Relay, seen: SeenInDns): RecognisedRelay | undefined {
  const domain = withoutDot(seen.domain)
  const found: Record<string, string | readonly string[]> = {}
  /** Whether there is something that is the relay's alone. */
  let isSure = false
  const find: Find = (template, text) => matched(template, text, relay, domain)
  const take = (more: Told): void => {
    Object.assign(found, more)
    isSure = true
  }
  const exchanges: FindMx = (wanted, held) => (wanted.length === held.length ? pairedMx(wanted, held, find) : undefined)

  const { spf } = relay
  if (spf !== undefined && seen.includes !== undefined) {
    const include = only(seen.includes.map((one) => find(spf, withoutDot(one))))
    if (include === undefined) return undefined
    take(include)
  }
  const way = relay.dkim.map((keys) => keysTold(relay, keys, seen, find)).find((one) => one !== undefined)
  if (way?.isSure) take(way.told)
  else Object.assign(found, way?.told)
  for (const name of relay.names) {
    const candidates = seen.below.map((one) => nameTold(name, one, find, exchanges))
    const told =
      only(candidates) ?? only(candidates.map((one) => (one && isUsual(relay.inputs, one) ? one : undefined)))
    if (told && agrees(told, found)) take(told)
  }
  const mx = relay.mx && exchanges(relay.mx.servers, seen.mx)
  const receives = mx !== undefined && agrees(mx, found)
  if (mx && receives) take(mx)

  if (!isSure || (relay.dkim.length > 0 && way === undefined && !relay.sendsUnsigned)) return undefined
  const told = Object.fromEntries(
    Object.entries(found).filter(([name, value]) => value !== relay.inputs[name]?.default),
  )
  const { missing, names } = relayRecords(relay, { told, domain, receives })
  const lacks = names.some(({ label }) => !seen.below.some((one) => one.label === label))
  return missing.length > 0 || lacks ? undefined : { relay, told, receives }
}

type Find = (template: string, text: string) => Told | undefined
type FindMx = (wanted: readonly MxTemplate[], held: readonly Mx[]) => Told | undefined

/** The one there is. */
function only(found: readonly (Told | undefined)[]): Told | undefined {
  const [first, ...others] = found.filter((one) => one !== undefined)
  return others.length === 0 ? first : undefined
}

/** Whether two findings tell the same of what both tell. */
function agrees(a: Told, b: Told): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === undefined || b[name] === value)
}

/** What the keys at hand tell, where every one of a way is among them and none is there twice. */
function keysTold(
  { inputs }: Relay,
  keys: readonly KeyTemplate[],
  seen: SeenInDns,
  find: Find,
): { told: Told; isSure: boolean } | undefined {
  const told: Record<string, string | readonly string[]> = {}
  let isSure = false
  for (const key of keys) {
    const found = seen.keys.flatMap(({ selector, record }) => {
      const value =
        'cname' in key ? ('cname' in record ? withoutDot(record.cname) : '') : 'txt' in record ? record.txt : ''
      if ('txt' in key && readDkim(value).faults.length > 0) return []
      const [at, leads] = [find(key.selector, selector), find('cname' in key ? key.cname : key.txt, value)]
      return at && leads && agrees(at, leads) && isUsual(inputs, at) ? [{ ...at, ...leads }] : []
    })
    const list = inputsIn(key.selector).find((name) => inputs[name]?.count !== undefined)
    if (list !== undefined) {
      if (found.length !== inputs[list]?.count) return undefined
      told[list] = found.map((one) => String(one[list])).sort()
    } else {
      const [one, ...others] = found
      if (one === undefined || others.length > 0 || !agrees(one, told)) return undefined
      Object.assign(told, one)
    }
    isSure ||= 'cname' in key || key.isOwn === true
  }
  return { told, isSure }
}

/** A selector that anybody may have is taken for the relay's only where it is one that the relay's customers usually have. */
function isUsual(inputs: Relay['inputs'], told: Told): boolean {
  return Object.entries(told).every(([name, value]) => {
    const { default: fallback, usual } = inputs[name] ?? {}
    const known = [...(fallback === undefined ? [] : [fallback]), ...(usual ?? [])]
    return known.length === 0 || known.includes(String(value))
  })
}

function nameTold(name: NameTemplate, one: SeenBelow, find: Find, exchanges: FindMx): Told | undefined {
  const at = find(name.label, one.label)
  if (at === undefined) return undefined
  if ('cname' in name) {
    const leads = 'cname' in one ? find(name.cname, withoutDot(one.cname)) : undefined
    return leads && { ...at, ...leads }
  }
  if ('cname' in one || withoutDot(one.include) !== name.spf) return undefined
  const leads = exchanges(name.mx, one.mx)
  return leads && { ...at, ...leads }
}

/** Each server at its place. */
function pairedMx(wanted: readonly MxTemplate[], held: readonly Mx[], find: Find): Told | undefined {
  const told: Record<string, string | readonly string[]> = {}
  for (const { preference, exchange } of wanted) {
    const at = held.filter((one) => one.preference === preference)
    const found = at.map((one) => find(exchange, withoutDot(one.exchange))).find((one) => one !== undefined)
    if (found === undefined || !agrees(found, told)) return undefined
    Object.assign(told, found)
  }
  return told
}
