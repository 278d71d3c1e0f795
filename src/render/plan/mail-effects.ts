import type { Family, Purpose } from '../../../records/families/family.js'
import { families } from '../../../records/families/index.js'
import { groupBy } from '../../../records/group.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { subjectOf } from '../../../records/rr/rrset.js'
import type { PlannedEdit, ZonePlan } from '../../plan/plan.js'
import { shortValue } from '../value/short-value.js'
import { diffValues } from '../value/value-diff.js'
import { count } from '../words.js'

/** More names than this are only counted. */
const MAX_NAMED = 3
const MAX_LISTED = 4
const MAX_LENGTH = 80

/** What a plan does to mail, in sentences: each of a few names, or the number of many. The texts in them are as they came. */
export function mailEffects(zones: readonly ZonePlan[]): string[] {
  const byPurpose = new Map<Purpose, Map<string, string>>()
  for (const change of zones.flatMap(({ changes }) => changes)) {
    const { name, type } = subjectOf(change)
    // What makes room is not told: what comes in its place is.
    const told = change.edits.filter(({ where }) => !(change.kind === 'delete' && where))
    for (const [purpose, edits] of groupBy(told, (edit) => edit.purpose)) {
      const sentences = byPurpose.get(purpose) ?? new Map<string, string>()
      byPurpose.set(purpose, sentences)
      const [before, after] = [edits.flatMap((edit) => edit.before), edits.flatMap((edit) => edit.after)]
      sentences.set(`${name} ${type}`, effectOf({ purpose, before, after }, name))
    }
  }
  return domainsFirst().flatMap(({ purpose, words }) => {
    const sentences = [...(byPurpose.get(purpose)?.values() ?? [])]
    return sentences.length > MAX_NAMED ? [`${words.topic}: ${count(sentences.length, 'record')} change`] : sentences
  })
}

function domainsFirst(): Family[] {
  const all: Family[] = Object.values(families)
  const isOfDomain = ({ words }: Family): boolean => words.about === 'domain'
  return [...all.filter(isOfDomain), ...all.filter((family) => !isOfDomain(family))]
}

type Moved = Pick<PlannedEdit, 'purpose' | 'before' | 'after'>

function effectOf(edit: Moved, name: Name): string {
  const { purpose, before, after } = edit
  const step = before.length === 0 ? 'begins' : after.length === 0 ? 'ends' : 'changes'
  const moved = (): string => movedOf(edit)
  return families[purpose].words.effect({ name: displayName(name), step, before, after, listed, moved })
}

function movedOf({ purpose, before, after }: Moved): string {
  if (before.length > 1 && families[purpose].words.inError !== undefined)
    return `${listed(after)} in place of ${before.length} values, of which none counted`
  const tokens = diffValues(purpose, before, after).flatMap((diff) => diff.tokens)
  const of = (state: 'added' | 'removed'): string[] =>
    tokens.filter((token) => token.state === state).map(({ text }) => text)
  const [added, removed] = [of('added'), of('removed')]
  if (added.length > 0 && removed.length > 0) return `${listed(added)} instead of ${listed(removed)}`
  if (added.length > 0) return `${listed(added)} ${added.length === 1 ? 'comes' : 'come'} in`
  return removed.length > 0
    ? `${listed(removed)} ${removed.length === 1 ? 'goes' : 'go'}`
    : 'only the TTL or the spelling changes'
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_LISTED).map((text) => {
    const short = shortValue(text)
    return short.length > MAX_LENGTH ? `${short.slice(0, MAX_LENGTH)}…` : short
  })
  const more = texts.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
