import type { Purpose, Words } from '../../../records/families/family.js'
import { families } from '../../../records/families/index.js'
import { isAllTerm } from '../../../records/families/spf/read-spf.js'
import { FWS, strip } from '../../../records/families/tag-list.js'
import { groupBy } from '../../../records/group.js'

/** One term of SPF (RFC 7208 §4.6.1), one tag of DMARC or DKIM (`p=none`), or a whole plain value; always the full text. */
export interface Token {
  readonly text: string
  readonly state: 'added' | 'removed' | 'kept'
}

/** What becomes of one value. `changed` is one value in the place of another, term by term. */
export interface ValueDiff {
  readonly state: 'added' | 'removed' | 'changed' | 'kept'
  /** In reading order: what is new in the order of the new value, what is gone beside what takes its place. */
  readonly tokens: readonly Token[]
  /** What stands between the tokens. */
  readonly separator: ' ' | '; '
  /** What else differs, where the terms do not tell: their order, or only how they are spelt (blanks, a last semicolon). */
  readonly differs?: 'order' | 'spelling'
}

type Form = Words['form']

/**
 * Compares the values of one purpose as sets: first those that go, then those of `after` in their order. Where exactly
 * one goes and one comes, SPF is compared by its terms, DMARC and DKIM by their tags.
 */
export function diffValues(purpose: Purpose, before: readonly string[], after: readonly string[]): ValueDiff[] {
  const { form } = families[purpose].words
  const gone = before.filter((value) => !after.includes(value))
  const come = after.filter((value) => !before.includes(value))
  const [old, fresh] = [gone[0], come[0]]
  if (form !== 'plain' && old !== undefined && fresh !== undefined && gone.length === 1 && come.length === 1)
    return after.map((value) => (value === fresh ? compare(form, old, fresh) : whole(form, value, 'kept')))
  return [
    ...gone.map((value) => whole(form, value, 'removed')),
    ...after.map((value) => whole(form, value, before.includes(value) ? 'kept' : 'added')),
  ]
}

function whole(form: Form, value: string, state: Token['state']): ValueDiff {
  return { state, tokens: split(form, value).map((text) => ({ text, state })), separator: separatorOf(form) }
}

function separatorOf(form: Form): ValueDiff['separator'] {
  return form === 'tags' ? '; ' : ' '
}

function split(form: Form, value: string): string[] {
  if (form === 'plain') return [value]
  const parts = form === 'terms' ? value.split(' ') : value.split(';').map((part) => strip(part, FWS))
  return parts.filter((part) => part !== '')
}

function compare(form: Form, before: string, after: string): ValueDiff {
  const old = split(form, before)
  const fresh = split(form, after)
  const kept = commonTokens(old, fresh)
  const gone = goneBefore(form, old, fresh, kept)
  const tokens = fresh.flatMap((text, index): Token[] => [
    ...(gone.get(index) ?? []),
    { text, state: kept.has(index) ? 'kept' : 'added' },
  ])
  const same = tokens.every(({ state }) => state === 'kept') && !gone.has(fresh.length)
  const places = [...kept].sort(([a], [b]) => a - b).map(([, place]) => place)
  const inOrder = places.every((place, index) => index === 0 || place > (places[index - 1] as number))
  const differs = form === 'terms' && !inOrder ? 'order' : same ? 'spelling' : undefined
  return {
    state: 'changed',
    tokens: [...tokens, ...(gone.get(fresh.length) ?? [])],
    separator: separatorOf(form),
    ...(differs === undefined ? {} : { differs }),
  }
}

/** For each token of `fresh` that was in `old`: its index there. A token that is there twice counts twice. */
function commonTokens(old: readonly string[], fresh: readonly string[]): Map<number, number> {
  const places = groupBy(old.keys(), (index) => old[index] as string)
  for (const list of places.values()) list.reverse()
  const common = new Map<number, number>()
  for (const [index, text] of fresh.entries()) {
    const place = places.get(text)?.pop()
    if (place !== undefined) common.set(index, place)
  }
  return common
}

/** Removed tokens by the index in `fresh` they are shown before: the one of the same name, else what followed them, else the first new one at the end. */
function goneBefore(
  form: Form,
  old: readonly string[],
  fresh: readonly string[],
  kept: ReadonlyMap<number, number>,
): Map<number, Token[]> {
  const byPlace = new Map([...kept].map(([index, place]) => [place, index]))
  const twins = new Map<string, number>()
  for (const [index, text] of fresh.entries())
    if (!kept.has(index) && !twins.has(nameOf(form, text))) twins.set(nameOf(form, text), index)
  const end = ([...kept.keys()].at(-1) ?? -1) + 1
  const gone = new Map<number, Token[]>()
  let next = end
  for (let place = old.length - 1; place >= 0; place--) {
    const text = old[place] as string
    next = byPlace.get(place) ?? next
    if (byPlace.has(place)) continue
    const index = twins.get(nameOf(form, text)) ?? next
    const tokens = gone.get(index) ?? []
    gone.set(index, tokens)
    tokens.push({ text, state: 'removed' })
  }
  for (const tokens of gone.values()) tokens.reverse()
  return gone
}

/** What a token says something about: a tag's name, SPF's `all`. Other terms of SPF stand for themselves. */
function nameOf(form: Form, token: string): string {
  if (form === 'tags') return strip(token.split('=', 1)[0] as string, FWS)
  return isAllTerm(token) ? 'all' : token
}
