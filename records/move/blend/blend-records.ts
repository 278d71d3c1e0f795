import { NO_KEY } from '../../families/dkim/read-dkim.js'
import type { MailRecord, Purpose } from '../../families/mail-record.js'
import type { Name } from '../../rr/name.js'
import type { Tlsa } from '../../rr/rdata.js'
import { canonical, rdataTexts } from '../../rr/rrset.js'
import type { RuleInput } from '../../rules/rule.js'
import type { Level } from '../move.js'
import { isSame, type Pair, type Pairs, pairKey } from '../pairs.js'
import { blendSpf, leansOnMoved } from './blend-spf.js'

export interface BlendView {
  readonly pairs: Pairs
  readonly old: Pick<RuleInput, 'hosts' | 'domains'>
  readonly goal: Pick<RuleInput, 'hosts' | 'domains'>
  /** The domains that both specs have. */
  readonly sharedDomains: ReadonlySet<Name>
  /** Names at which the old spec has CAA. */
  readonly restricted: ReadonlySet<Name>
  /** What the blended spec means, by {@link pairKey}. */
  readonly blended: ReadonlyMap<string, MailRecord>
}

type Blend = (pair: Pair, level: Level, view: BlendView) => MailRecord | undefined

/** The keys of what moves: what the specs do not agree about, and SPF that leads to hosts which move. */
export function movingKeys(view: Pick<BlendView, 'pairs' | 'old' | 'goal'>): Set<string> {
  const keys = new Set<string>()
  for (const [key, pair] of view.pairs) {
    const isLeaning =
      pair.slot.purpose === 'spf' && [pair.old, pair.goal].some((one) => one && leansOnMoved(one.rrset, view))
    if (!isSame(pair) || isLeaning) keys.add(key)
  }
  return keys
}

/**
 * The records at a level. What both specs have alike is there all the time; of what moves each family says when the old one goes
 * and the new one comes, so that whatever mixture of two levels that follow one another a sender or a receiver remembers, it works.
 *
 * @param ttl seconds, at most, of what moves
 */
export function blendRecords(view: BlendView, moving: ReadonlySet<string>, level: Level, ttl: number): MailRecord[] {
  const crossed = crossedNames(view.pairs)
  return [...view.pairs].flatMap(([key, pair]): MailRecord[] => {
    if (!moving.has(key)) return pair.old ? [pair.old] : []
    const { purpose, name } = pair.slot
    const blend = crossed.has(name) && blends[purpose] !== late ? switched : blends[purpose]
    const record = blend(pair, level, view)
    return record ? [{ ...record, rrset: { ...record.rrset, ttl: Math.min(ttl, record.rrset.ttl) } }] : []
  })
}

/** One gives way to the other at once, where only one can be there. */
const switched: Blend = ({ old, goal }, level) => (level < 2 ? old : goal)

/** The new one comes early and the old one goes late. */
const beside: Blend = ({ old, goal }, level) => {
  if (old && goal) return level < 2 ? old : goal
  return old ? (level < 3 ? old : undefined) : level > 0 ? goal : undefined
}

/** As it is until the move is over. */
const late: Blend = ({ old }) => old

/** What authorises others: it goes only when the move is over. */
const kept: Blend = ({ old, goal }, level) => old ?? (level > 0 ? goal : undefined)

/** All addresses of a host that keeps its name change at once; a host of one spec alone is there while it may be asked for. */
const blendHost: Blend = (pair, level, view) => (isInBoth(pair.slot.name, view) ? switched : beside)(pair, level, view)

const blendKey: Blend = (pair, level, view) => {
  const isRefusal = !pair.old && pair.goal !== undefined && rdataTexts(pair.goal.rrset)[0] === NO_KEY
  return isRefusal && level < 3 ? undefined : beside(pair, level, view)
}

/** Where only one of the specs has an SPF of a domain, the senders of the other one pass only while there is none. */
const blendSpfRecord: Blend = (pair, level, view) => {
  const { old, goal, slot } = pair
  if (level === 0) return old
  if (level === 3) return goal
  const base = (level === 1 ? (old ?? goal) : (goal ?? old)) as MailRecord
  if (view.sharedDomains.has(slot.name) && !(old && goal)) return undefined
  const texts = [old, goal].flatMap((one) => (one ? rdataTexts(one.rrset) : []))
  return { ...base, rrset: { ...base.rrset, rdata: [blendSpf(slot.name, texts, view)] } as MailRecord['rrset'] }
}

/** Where there was no CAA, a first one forbids: it comes when the other host needs no certificate any more. */
const blendCaa: Blend = (pair, level, view) =>
  !view.restricted.has(pair.slot.name) && level < 3 ? undefined : beside(pair, level, view)

const OWNER = /^_\d+\._tcp\.(.+)$/

/** Keys of both while either may answer; a host that has one name and DANE on one side only has none until all know the other. */
const blendTlsa: Blend = (pair, level, view) => {
  const { old, goal, slot } = pair
  if (level === 0) return old
  if (level === 3) return goal
  if (old && goal) {
    const rdata = [...old.rrset.rdata, ...goal.rrset.rdata] as Tlsa[]
    return { ...old, rrset: canonical({ ...old.rrset, type: 'TLSA', rdata }) }
  }
  return isInBoth((OWNER.exec(slot.name)?.[1] ?? slot.name) as Name, view) ? undefined : (old ?? goal)
}

const blendPolicy: Blend = (pair, level, view) => {
  if (!pair.old) return undefined
  if (level === 3) return pair.goal
  return level === 0 ? pair.old : view.blended.get(pairKey(pair.old))
}

const blendMx: Blend = ({ old, goal }, level, { blended }) =>
  blended.get(pairKey((old ?? goal) as MailRecord)) ?? (level < 3 ? old : undefined)

const blendClients: Blend = (pair, level, view) => (!pair.old && level < 2 ? undefined : beside(pair, level, view))

const blends: { readonly [P in Purpose]: Blend } = {
  host: blendHost,
  ptr: beside,
  mx: blendMx,
  spf: blendSpfRecord,
  dkim: blendKey,
  dmarc: late,
  report: kept,
  caa: blendCaa,
  tlsa: blendTlsa,
  clients: blendClients,
  mtasts: blendPolicy,
  mtastshost: (pair, level, view) => (pair.old && !pair.goal ? pair.old : beside(pair, level, view)),
  tlsrpt: late,
  bimi: late,
  relay: beside,
  catalog: beside,
}

function isInBoth(name: Name, { old, goal }: BlendView): boolean {
  const both = [old.hosts.get(name), goal.hosts.get(name)]
  return both.every((host) => host !== undefined && host.addresses.length > 0)
}

/** Names at which one spec has a CNAME and the other something else, which cannot stand beside one another (RFC 1034 §3.6.2). */
export function crossedNames(pairs: Pairs): Set<Name> {
  const aliases = (side: 'old' | 'goal') => ofType(pairs, side, true)
  const others = (side: 'old' | 'goal') => ofType(pairs, side, false)
  const [oldAliases, goalOthers, goalAliases, oldOthers] = [
    aliases('old'),
    others('goal'),
    aliases('goal'),
    others('old'),
  ]
  return new Set([
    ...[...oldAliases].filter((name) => goalOthers.has(name)),
    ...[...goalAliases].filter((name) => oldOthers.has(name)),
  ])
}

function ofType(pairs: Pairs, side: 'old' | 'goal', isAlias: boolean): Set<Name> {
  const found = [...pairs.values()].flatMap((pair) => pair[side]?.rrset ?? [])
  return new Set(found.filter(({ type }) => (type === 'CNAME') === isAlias).map(({ name }) => name))
}
