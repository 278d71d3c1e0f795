import type { Compiled } from '../../../records/compile.js'
import { families } from '../../../records/families/index.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import { type RRset, rdataTexts } from '../../../records/rr/rrset.js'
import { DEFAULT_TTL } from '../../config/build.js'
import type { Holdings } from '../source/holdings.js'
import { written } from '../write/plain-config.js'
import type { Draft } from './draft.js'

/**
 * The draft with the TTL of each host and domain: that most of its RRsets have; and the default: that of report
 * authorisations, which have no other, or the most common. What strangers share keeps its TTL anyway, and has no voice.
 */
export function withTtls(draft: Draft, { zones }: Compiled, holdings: Holdings): Draft {
  const voices = [...zones.values()].flat().flatMap(({ from, ...record }) => {
    const ttl = ttlHeld(record, holdings)
    return ttl === undefined ? [] : [{ part: record.purpose === 'report' ? REPORTS : partKey(from), ttl }]
  })
  const chosen = new Map(
    [...groupBy(voices, ({ part }) => part)].map(([part, own]) => [part, mostCommon(own.map(({ ttl }) => ttl))]),
  )
  const ttl = chosen.get(REPORTS) ?? mostCommon([...chosen.values()])
  const timed = <T extends { readonly ttl?: number }>(section: string, parts: ReadonlyMap<Name, T>): Map<Name, T> =>
    new Map(
      [...parts].map(([name, { ttl: _, ...part }]) => {
        const own = chosen.get(partKey([section, written(name)])) ?? ttl
        return [name, (own === ttl ? part : { ...part, ttl: own }) as T]
      }),
    )
  return { ...draft, ttl, hosts: timed('hosts', draft.hosts), domains: timed('domains', draft.domains) }
}

const REPORTS = 'reports'

function partKey([section, name]: MailRecord['from']): string {
  return JSON.stringify([section, name])
}

function ttlHeld({ rrset, purpose }: Omit<MailRecord, 'from'>, holdings: Holdings): number | undefined {
  const held = holdings.get(rrset.name, rrset.type) as RRset | undefined
  const isOurs = families[purpose].isOwn
  const isShared = held?.type === 'TXT' && isOurs && !rdataTexts(held).every(isOurs)
  return isShared ? undefined : held?.ttl
}

/** The value there is most of; among equals 3600, else the first; 3600 where there is none. */
function mostCommon(values: readonly number[]): number {
  const groups = [...groupBy(values, (value) => value)].map(([value, { length }]) => ({ value, length }))
  const most = Math.max(...groups.map(({ length }) => length))
  const best = groups.filter(({ length }) => length === most).map(({ value }) => value)
  return best.includes(DEFAULT_TTL) ? DEFAULT_TTL : (best[0] ?? DEFAULT_TTL)
}
