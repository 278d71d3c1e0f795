import { groupBy } from '../../records/group.js'
import { type Name, zoneOf } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import type { Zone } from '../../records/rr/zone.js'
import type { Replaced } from './changed-dns.js'
import { type AnswerChange, answerChangeOf, type OrderedChange } from './ordered-changes.js'
import { type AnswerChangeAt, zoneAnswers } from './zone-answers.js'

/** A zone with wildcards, as it was read at a provider before anything is written. */
export interface WildcardZone {
  readonly zone: Zone
  readonly provider: string
}

/** How the answers of DNS change while a plan is carried out. */
export interface ChangedAnswers {
  /** Undefined where the answer for this key of a name and a type stays. */
  of(key: string): AnswerChange | undefined
  /** DNS for somebody who sees the answers before of some keys, and for others one in between. */
  seen(isOld: (key: string) => boolean, between?: ReadonlyMap<string, RRset | undefined>): Replaced
}

/**
 * How the answers change that a plan has to do with. A plan may have thousands of changes, of which each mailing sees a few:
 * what becomes of a place is found out when it is asked for.
 *
 * @param zones all that the spec has; of a name below one of them, which has no wildcards, nothing is answered by those above
 */
export function changedAnswers(
  written: readonly OrderedChange[],
  wildcardZones: readonly WildcardZone[],
  zones: ReadonlyMap<Name, unknown>,
): ChangedAnswers {
  const changes = withScattered(written)
  const answersOf = new Map<Name, AnswerChangeAt>()
  for (const { zone, provider } of wildcardZones)
    if (!answersOf.has(zone.name))
      answersOf.set(
        zone.name,
        zoneAnswers(
          zone,
          changes.filter((one) => one.zone === zone.name && one.provider === provider),
        ),
      )
  const plain = new Map(changes.map((change) => [change.key, change]))
  const known = new Map<string, AnswerChange | undefined>()
  const wildcardsAt = (name: Name): AnswerChangeAt | undefined => {
    const zone = zoneOf(name, zones)
    return zone && answersOf.get(zone)
  }
  const find = (key: string): AnswerChange | undefined => {
    const [name, type] = key.split(' ') as [Name, RRset['type']]
    const answers = wildcardsAt(name)
    if (answers) return answers(name, type)
    const change = plain.get(key)
    return change && answerChangeOf(change)
  }
  const of = (key: string): AnswerChange | undefined => {
    if (!known.has(key)) known.set(key, find(key))
    return known.get(key)
  }
  return {
    of,
    seen: (isOld, between = new Map()) => ({
      get: (key) => (between.has(key) ? between.get(key) : isOld(key) ? of(key)?.before : of(key)?.after),
      // Where nothing stood, DNS says what is there: a wildcard may answer.
      has: (key) => between.has(key) || (isOld(key) ? of(key)?.before : of(key)) !== undefined,
      tellsWildcards: (name) => wildcardsAt(name) !== undefined,
    }),
  }
}

/** The changes, those marked that are written at several providers. */
function withScattered(changes: readonly OrderedChange[]): readonly OrderedChange[] {
  return [...groupBy(changes, ({ key }) => key).values()].flatMap((some) =>
    new Set(some.map(({ provider }) => provider)).size > 1 ? some.map((one) => ({ ...one, isScattered: true })) : some,
  )
}
