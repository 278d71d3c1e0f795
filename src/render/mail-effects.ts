import type { Purpose } from '../../records/families/mail-record.js'
import { displayName, type Name } from '../../records/rr/name.js'
import { subjectOf } from '../../records/rr/rrset.js'
import type { PlannedEdit, ZonePlan } from '../plan/plan.js'
import { shortValue } from './short-value.js'
import { diffValues } from './value-diff.js'
import { count } from './words.js'

/** In the order in which mail meets them. */
const TOPICS: Record<Purpose, string> = {
  mx: 'Where mail goes (MX)',
  spf: 'Who may send (SPF)',
  dkim: 'Keys (DKIM)',
  dmarc: 'What becomes of mail that is not authentic (DMARC)',
  report: 'Whose reports are taken (DMARC)',
  host: 'Addresses of hosts',
  ptr: 'Reverse names (PTR)',
}

/** More names than this are only counted. */
const MAX_NAMED = 3
const MAX_LISTED = 4
const MAX_LENGTH = 80

/** What a plan does to mail, in sentences: each of a few names, or the number of many. The texts in them are as they came. */
export function mailEffects(zones: readonly ZonePlan[]): string[] {
  const byPurpose = new Map<Purpose, Map<string, string>>()
  for (const change of zones.flatMap(({ changes }) => changes)) {
    const { name, type } = subjectOf(change)
    for (const edit of change.edits) {
      const sentences = byPurpose.get(edit.purpose) ?? new Map<string, string>()
      byPurpose.set(edit.purpose, sentences)
      sentences.set(`${name} ${type}`, effectOf(edit, name))
    }
  }
  return (Object.keys(TOPICS) as Purpose[]).flatMap((purpose) => {
    const sentences = [...(byPurpose.get(purpose)?.values() ?? [])]
    return sentences.length > MAX_NAMED
      ? [`${TOPICS[purpose]}: ${count(sentences.length, 'record')} change`]
      : sentences
  })
}

function effectOf(edit: PlannedEdit, name: Name): string {
  const step = edit.before.length === 0 ? 'begins' : edit.after.length === 0 ? 'ends' : 'changes'
  return EFFECT[edit.purpose](edit, step, displayName(name))
}

type Step = 'begins' | 'ends' | 'changes'

const EFFECT: Record<Purpose, (edit: PlannedEdit, step: Step, name: string) => string> = {
  mx({ before, after }, step, domain) {
    if (step === 'ends') return `${domain} has no MX any more`
    if (after.includes('0 .')) return `${domain} takes no mail`
    return `Mail for ${domain} goes to ${insteadOf(after.map(exchangeOf), before.map(exchangeOf))}`
  },
  spf(edit, step, domain) {
    if (step === 'ends') return `${domain} no longer says who may send for it (SPF)`
    if (step === 'begins') return `${domain} now says who may send for it (SPF)`
    return `Who may send for ${domain} (SPF): ${movedOf(edit)}`
  },
  dkim({ after }, step, name) {
    const [selector, domain] = name.split('._domainkey.', 2)
    if (selector === '*')
      return `No DKIM key of ${domain} is ${step === 'ends' ? 'refused by a wildcard any more' : 'valid'}`
    const key = domain === undefined ? `The DKIM key ${name}` : `The DKIM key ${selector} of ${domain}`
    if (after.some((value) => /(?:^|;)\s*p\s*=\s*(?:;|$)/.test(value))) return `${key} is revoked`
    return { begins: `${key} is published`, changes: `${key} is replaced`, ends: `${key} is taken away` }[step]
  },
  dmarc(edit, step, name) {
    const domain = name.replace(/^_dmarc\./, '')
    if (step === 'ends') return `${domain} has no DMARC policy any more`
    const policy = /;\s*(p\s*=\s*\w+)/.exec(edit.after[0] ?? '')?.[1] ?? 'no policy'
    return step === 'begins' ? `DMARC begins for ${domain}, with ${policy}` : `DMARC of ${domain}: ${movedOf(edit)}`
  },
  report(_, step, name) {
    const [about = name, to = name] = name.split('._report._dmarc.', 2)
    return `DMARC reports about ${about} are ${step === 'ends' ? 'no longer ' : ''}taken at ${to}`
  },
  host(edit, step, name) {
    if (step === 'begins') return `${name} gets ${listed(edit.after)}`
    return step === 'ends' ? `${name} loses ${listed(edit.before)}` : `Addresses of ${name}: ${movedOf(edit)}`
  },
  ptr({ before, after }, step, name) {
    if (step === 'ends') return `The reverse name ${name} goes`
    return `The reverse name ${name} leads to ${insteadOf(after.map(nameOf), before.map(nameOf))}`
  },
}

function nameOf(ptr: string): string {
  return displayName(ptr as Name)
}

function exchangeOf(mx: string): string {
  return nameOf(mx.split(' ')[1] ?? mx)
}

function insteadOf(after: readonly string[], before: readonly string[]): string {
  const [now, until] = [listed(after), listed(before)]
  return until === '' || until === now ? now : `${now} instead of ${until}`
}

function movedOf({ purpose, before, after }: PlannedEdit): string {
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
