import type { Compiled } from '../../../records/compile.js'
import { families } from '../../../records/families/index.js'
import type { MailRecord, Purpose } from '../../../records/families/mail-record.js'
import { isByValue } from '../../../records/families/slot.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import { type RRset, rdataTexts } from '../../../records/rr/rrset.js'
import { DEFAULT_TTL } from '../../config/build.js'
import type { Holdings } from '../holdings/holdings.js'
import { written } from '../write/plain-config.js'
import type { DomainDraft, Draft, TtlDraft } from './draft.js'

/** The TTL that an RRset of the draft has today. */
interface HeldTtl {
  /** The host or domain it is of, as {@link partKey} has it. */
  readonly part: string
  /** The key of it in `ttl`. */
  readonly record: string
  /** Seconds. */
  readonly ttl: number
  /** Whether it is the empty key for every selector, which has no TTL of its own in a spec, as other keys have. */
  readonly isWildcardKey: boolean
}

/**
 * The draft with the TTLs its RRsets have: by record where those of a host or domain differ. The default is that of report
 * authorisations, which have no other, else the most common. RRsets that strangers share keep theirs anyway, and do not count.
 */
export function withTtls(draft: Draft, { zones }: Compiled, holdings: Holdings): Draft {
  const held = [...zones.values()].flat().flatMap(({ from, ...record }): HeldTtl[] => {
    const ttl = ttlHeld(record, holdings)
    return ttl === undefined
      ? []
      : [{ ...placeOf(record, from), ttl, isWildcardKey: record.rrset.name.startsWith('*._domainkey.') }]
  })
  const byPart = new Map([...groupBy(held, ({ part }) => part)].map(([part, own]) => [part, withoutKeys(own)]))
  const usual = new Map([...byPart].map(([part, own]) => [part, mostCommon(own.map(({ ttl }) => ttl))]))
  const ttl = usual.get(REPORTS) ?? mostCommon([...usual.values()])
  const timed = <T extends { readonly ttl?: TtlDraft }>(section: string, parts: ReadonlyMap<Name, T>): Map<Name, T> =>
    new Map(
      [...parts].map(([name, { ttl: _, ...part }]) => {
        const own = ttlsOfPart(byPart.get(partKey([section, written(name)])) ?? [], ttl)
        return [name, (own === undefined ? part : { ...part, ttl: own }) as T]
      }),
    )
  const domains = new Map([...timed('domains', draft.domains)].map(([name, part]) => [name, withKeyTtls(part, ttl)]))
  return { ...draft, ttl, hosts: timed('hosts', draft.hosts), domains }
}

/** What is left of the TTLs of a part where its keys must not speak for the wildcard among them. */
function withoutKeys(own: readonly HeldTtl[]): readonly HeldTtl[] {
  const hasWildcard = own.some(({ isWildcardKey }) => isWildcardKey)
  return hasWildcard ? own.filter(({ record, isWildcardKey }) => record !== 'dkim' || isWildcardKey) : own
}

/** The TTLs of keys, where they are others than what the domain says of its keys. */
function withKeyTtls(domain: DomainDraft, inherited: number): DomainDraft {
  const { ttl = inherited } = domain
  const usual = typeof ttl === 'number' ? ttl : (ttl.dkim ?? ttl.default ?? inherited)
  const keys = domain.keys.map(({ ttl: _, ...key }) => {
    const { heldTtl = usual } = key
    return heldTtl === usual ? key : { ...key, ttl: heldTtl }
  })
  return { ...domain, keys }
}

const REPORTS = 'reports'
/** The keys in `ttl` that are spelt otherwise than their purpose. */
const TTL_KEYS: { readonly [P in Purpose]?: string } = {
  mtasts: 'mta_sts',
  mtastshost: 'mta_sts_host',
  tlsrpt: 'tls_rpt',
}

function placeOf(
  { rrset, purpose }: Omit<MailRecord, 'from'>,
  from: MailRecord['from'],
): Pick<HeldTtl, 'part' | 'record'> {
  const isBounce = from[2] === 'relays' && from.at(-1) !== 'mx' && purpose !== 'dkim'
  const other = isBounce ? 'relay' : (TTL_KEYS[purpose] ?? purpose)
  const record = purpose === 'host' ? rrset.type.toLowerCase() : other
  return { part: purpose === 'report' ? REPORTS : partKey(from), record }
}

function partKey([section, name]: MailRecord['from']): string {
  return JSON.stringify([section, name])
}

/** What a host or domain says of its TTLs; undefined where the default says the same. */
function ttlsOfPart(held: readonly HeldTtl[], inherited: number): TtlDraft | undefined {
  if (held.length === 0) return undefined
  const others = mostCommon(held.map(({ ttl }) => ttl))
  const byRecord = [...groupBy(held, ({ record }) => record)].map(
    ([record, own]) => [record, mostCommon(own.map(({ ttl }) => ttl))] as const,
  )
  const apart = byRecord.filter(([, ttl]) => ttl !== others)
  if (apart.length === 0) return others === inherited ? undefined : others
  return Object.fromEntries(others === inherited ? apart : [['default', others], ...apart])
}

function ttlHeld({ rrset, purpose }: Omit<MailRecord, 'from'>, holdings: Holdings): number | undefined {
  const held = holdings.get(rrset.name, rrset.type) as RRset | undefined
  if (isByValue(purpose)) return undefined
  const isOurs = families[purpose].isOwn
  const isShared = held && isOurs && !rdataTexts(held).every((text) => isOurs(text, held.type))
  return isShared ? undefined : held?.ttl
}

/** The value there is most of; among equals 3600, else the first that lets resolvers keep anything; 3600 where there is none. */
function mostCommon(values: readonly number[]): number {
  const groups = [...groupBy(values, (value) => value)].map(([value, { length }]) => ({ value, length }))
  const most = Math.max(...groups.map(({ length }) => length))
  const best = groups.filter(({ length }) => length === most).map(({ value }) => value)
  return best.includes(DEFAULT_TTL) ? DEFAULT_TTL : (best.find((ttl) => ttl > 0) ?? best[0] ?? DEFAULT_TTL)
}
