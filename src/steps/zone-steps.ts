import type { ServerView } from '../../providers/provider.js'
import { families } from '../../records/families/index.js'
import { displayName, type Name, relativeTo, withoutDot } from '../../records/rr/name.js'
import { rdataText } from '../../records/rr/rdata.js'
import { afterOf, beforeOf, isKnown, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { type Place, type Zone, zoneWith } from '../../records/rr/zone.js'
import { inOrder } from '../apply/order.js'
import type { PlannedChange, PlannedManualStep } from '../plan/plan.js'
import { count } from '../render/words.js'
import { type DraftedEntry, panelEntries } from './panel-entries.js'
import { wholeValue } from './panel-fields.js'
import { NAME_MISTAKES, titleOf, VALUE_MISTAKES } from './words.js'
import { wrongNames } from './wrong-name.js'
import { valueMistake } from './wrong-value.js'

type Remark = NonNullable<PlannedManualStep['remarks']>[number]

/** A zone in which a person makes the changes. */
export interface HandMade {
  readonly zone: Name
  readonly provider: string
  /** Without those of manifests. */
  readonly changes: readonly PlannedChange[]
  /** What each server shows. */
  readonly views: readonly ServerView[]
}

/**
 * How many names with odd characters are asked for at a time. A firewall may drop them, and a server that leaves three questions
 * in a row unanswered counts as silent.
 */
const MOST_ODD = 2

/** Where what is still to be done may have been done wrongly. */
export function wrongPlaces({ zone, changes }: Pick<HandMade, 'zone' | 'changes'>): Place[] {
  const places = changes.flatMap((change): Place[] => {
    const { name, type } = subjectOf(change)
    return bringsValues(change) ? wrongNames(name, type, zone).map((wrong) => ({ name: wrong.name, type })) : []
  })
  const odd = places.filter(({ name }) => name.includes('\\')).slice(MOST_ODD)
  return [...new Map(places.map((place) => [keyOf(place), place])).values()].filter((place) => !odd.includes(place))
}

function bringsValues({ edits }: PlannedChange): boolean {
  return edits.some(({ before, after }) => after.some((text) => !before.includes(text)))
}

/** What a person has to do in a zone, a step each RRset, in the order in which nothing breaks; `elsewhere` is what stands at `wrongPlaces`. */
export function zoneSteps(made: HandMade, elsewhere: Zone): PlannedManualStep[] {
  return inOrder(made.changes).map((change) => stepOf(change, made, elsewhere))
}

function stepOf(change: PlannedChange, made: HandMade, elsewhere: Zone): PlannedManualStep {
  const { zone, provider, views } = made
  const drafted = panelEntries(change, zone).map((one) => misplaced(one, change, zone, elsewhere))
  const entries = drafted.map(({ entry }) => entry)
  const { name, type } = subjectOf(change)
  const waits = waitingServers(change, zone, views)
  const remarks =
    waits.length > 0
      ? [seenInPart(change, views, waits)]
      : [...drafted.flatMap(({ remark }) => remark ?? []), ...twoSpfs(change)]
  const where = change.edits.find((edit) => edit.where)?.where
  const purposes = [...new Set(change.edits.map(({ purpose }) => families[purpose].words.noun))]
  return {
    what: entries
      .map((entry) => `${titleOf(entry)}: ${relativeTo(zone, name)} ${type} ${wholeValue(entry)}`)
      .join('; '),
    why: where ? `the spec asks for it (${purposes.join(', ')})` : `it left the spec (${purposes.join(', ')})`,
    ...(where && { where }),
    zone,
    provider,
    entries,
    ...(remarks.length > 0 && { remarks }),
    ...(waits.length > 0 && { waits }),
  }
}

/** The record where it stands at a wrong name, and the mistake of its value. */
function misplaced(
  { entry, fields, mistake }: DraftedEntry,
  change: PlannedChange,
  zone: Name,
  elsewhere: Zone,
): { entry: DraftedEntry['entry']; remark?: Remark } {
  const { name, type } = subjectOf(change)
  const spoilt = { name: displayName(name), entry, zone: displayName(zone) }
  if (mistake) return { entry, remark: { rule: mistake, ...VALUE_MISTAKES[mistake](spoilt) } }
  if (entry.do === 'remove') return { entry }
  const wanted = change.edits.flatMap(({ before, after }) => after.filter((text) => !before.includes(text)))
  const found = wrongNames(name, type, zone).find((one) => {
    const held = elsewhere.find(keyOf({ name: one.name, type }))
    return held && isKnown(held) && holdsOne(held, afterOf(change), wanted, zone)
  })
  if (!found) return { entry }
  const told = NAME_MISTAKES[found.mistake]({ ...spoilt, wrong: withoutDot(found.name) })
  const was = { host: relativeTo(zone, found.name), ...fields }
  return {
    entry: entry.do === 'add' ? { ...entry, do: 'change', was } : entry,
    remark: { rule: found.mistake, ...told },
  }
}

/** Whether what is wanted is among what is held, rightly or wrongly written. */
function holdsOne(held: RRset, after: RRset | undefined, wanted: readonly string[], zone: Name): boolean {
  return held.rdata.some((rdata) => {
    const text = rdataText(held.type, rdata)
    return (
      wanted.includes(text) ||
      after?.rdata.some(
        (one) => wanted.includes(rdataText(held.type, one)) && valueMistake(held.type, one, rdata, zone) !== undefined,
      )
    )
  })
}

function twoSpfs({ edits }: PlannedChange): Remark[] {
  const spf = edits.find(({ purpose, before }) => purpose === 'spf' && before.length > 1)
  if (!spf) return []
  return [
    {
      rule: 'spf-twice',
      message: `${count(spf.before.length, 'SPF value')} stand there, and receivers take none of several (RFC 7208 §4.5)`,
      hint: spf.after.length > 0 ? 'change one of them as told here, and delete the others' : 'delete all of them',
    },
  ]
}

/** The servers that do not show what others show already; none where none does. */
function waitingServers(change: PlannedChange, zone: Name, views: readonly ServerView[]): string[] {
  const waiting = views.filter(({ rrsets }) => !isMade(change, zoneWith(zone, rrsets)))
  return waiting.length === views.length ? [] : waiting.map(({ server }) => server)
}

function isMade(change: PlannedChange, zone: Zone): boolean {
  const found = zone.find(keyOf(subjectOf(change)))
  const held = new Set(found && isKnown(found) ? found.rdata.map((rdata) => rdataText(found.type, rdata)) : [])
  return change.edits.every(({ purpose, before, after }) => {
    const { same } = families[purpose]
    const stands = (text: string): boolean => held.has(text) || [...held].some((other) => same(other, text))
    return after.every(stands) && before.every((text) => after.includes(text) || !held.has(text))
  })
}

function seenInPart(change: PlannedChange, views: readonly ServerView[], waits: readonly string[]): Remark {
  const shows = views.map(({ server }) => server).filter((server) => !waits.includes(server))
  const negative = views.reduce((most, { negativeTtl = 0 }) => Math.max(most, negativeTtl), 0)
  const seconds = beforeOf(change)?.ttl ?? negative
  const cached = seconds > 0 ? `; resolvers may keep the old answer for up to ${seconds} seconds after that` : ''
  const [one, other] = [shows.length === 1, waits.length === 1]
  return {
    rule: 'seen-in-part',
    message: bringsValues(change)
      ? `${shows.join(', ')} ${one ? 'shows' : 'show'} it, ${waits.join(', ')} not yet`
      : `${shows.join(', ')} ${one ? 'does' : 'do'} not show it any more, ${waits.join(', ')} still ${other ? 'does' : 'do'}`,
    hint: `there is nothing to enter: wait until all of them have it, mostly minutes${cached}`,
  }
}
