import { isUsable, lastKeyAt } from '../../../../records/families/dkim/dkim-key.js'
import { isAbout, type KeyMark } from '../../../../records/families/dkim/rotation/step.js'
import { displayName } from '../../../../records/rr/name.js'
import type { TakenStep } from '../../../dkim/rotation/carry-out.js'
import type { Orphan } from '../../../dkim/rotation/orphans.js'
import type { Ring } from '../../../dkim/rotation/rings.js'
import { ageText, holderText, leadText, STEPS, sightText, waitText } from '../../../dkim/rotation/words.js'
import { inert } from '../../inert.js'
import { count } from '../../words.js'
import { paint } from '../paint.js'

export interface RingsTextOptions {
  readonly colour: boolean
  readonly keysDirectory: string
  /** Seconds since 1970. */
  readonly now: number
  readonly orphans?: readonly Orphan[]
  /** Keys that are gone too. */
  readonly all?: boolean
}

/** The keys of each domain: state, age, where it is seen, what comes next and when, and where the private half lies. */
export function renderRings(rings: readonly Ring[], options: RingsTextOptions): string {
  return rings.map((ring) => `${ringLines(ring, options).join('\n')}\n`).join('\n')
}

function ringLines(ring: Ring, { colour, keysDirectory, now, orphans = [], all = false }: RingsTextOptions): string[] {
  const keys = ring.keys.filter(({ state }) => all || state !== 'gone')
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
  const [selectors, algorithms, states] = [
    width(keys.map(({ selector }) => selector)),
    width(keys.map(({ algorithm }) => algorithm)),
    width(keys.map(({ state }) => state)),
  ]
  const found = orphans.filter(({ domain }) => domain === ring.domain)
  const whole = ring.next.waits.filter(({ selector }) => selector === undefined)
  const made = ring.next.steps.filter(({ kind }) => kind === 'create')
  return [
    `${paint(inert(displayName(ring.domain)), 'bold', colour)}${inert(sharedText(ring))}`,
    ...(keys.length === 0 ? ['  no keys yet'] : []),
    ...keys.flatMap((key) => {
      const { selector, algorithm, state } = key
      const head = [
        selector.padEnd(selectors),
        algorithm.padEnd(algorithms),
        state.padEnd(states),
        ageText(key, now).padStart(4),
      ]
      const exposed = key.times.compromised !== undefined && isUsable(key) ? [STEPS.compromise] : []
      return [
        `  ${head.join('  ')}  ${inert(sightText(key, ring))}`,
        ...[...exposed, ...nextLines(ring, key)].map((line) => `    ${inert(line)}`),
        ...(state === 'gone' || state === 'revoked' ? [] : [`    ${inert(holderText(key, keysDirectory))}`]),
      ]
    }),
    ...emptySelectors(ring),
    ...leadLines(ring),
    ...whole.map((wait) => `  ${inert(waitText(wait, ring))}`),
    ...made.map(({ algorithm }) => `  ${algorithm}: due now: ${STEPS.create}`),
    ...found.map(
      ({ name, isOurs, provider }) =>
        `  ! ${inert(name)} is in DNS at ${inert(provider)}, and in no index: ${isOurs ? 'mailsync wrote it; bring back the public.json that told of it' : 'somebody else put it there'}`,
    ),
  ]
}

/** Domains of a key zone that are named. */
const NAMED = 3

function sharedText({ shared, movesTo }: Ring): string {
  if (movesTo) return `  signs with the keys of ${displayName(movesTo.name)}; these are left over`
  if (shared === undefined) return ''
  const named = shared.domains.slice(0, NAMED).map(displayName)
  const more = shared.domains.length - named.length
  return `  signs for ${named.join(', ')}${more > 0 ? ` and ${count(more, 'other domain')}` : ''}`
}

/** Domains that do not sign yet, or do from now on, of which there may be thousands. */
const LISTED = 20

function leadLines({ leads = [] }: Ring): string[] {
  const more = leads.length - LISTED
  return [
    ...leads.slice(0, LISTED).map((lead) => `  ${inert(leadText(lead))}`),
    ...(more > 0 ? [`  and ${count(more, 'other domain')}; --format json has them all`] : []),
  ]
}

function emptySelectors({ shared, keys }: Ring): string[] {
  const empty = (shared?.selectors ?? []).filter((selector) => (lastKeyAt(selector, keys)?.state ?? 'gone') === 'gone')
  return empty.length === 0 ? [] : [`  without a key now: ${empty.join(', ')}`]
}

function nextLines(ring: Ring, key: KeyMark): string[] {
  const due = ring.next.steps.flatMap((step) =>
    step.kind !== 'create' && isAbout(step, key) ? [`due now: ${STEPS[step.kind]}`] : [],
  )
  return [...due, ...ring.next.waits.filter((wait) => isAbout(wait, key)).map((wait) => waitText(wait, ring))]
}

/** What was done, a line a step. */
export function renderSteps(
  taken: readonly TakenStep[],
  { colour, isDue }: { readonly colour: boolean; readonly isDue: boolean },
): string {
  return taken
    .map(({ domain, selector, algorithm, kind }) => {
      const name = selector === '' ? displayName(domain) : `${selector}._domainkey.${displayName(domain)}`
      return `${paint(inert(name), 'bold', colour)}  ${algorithm}  ${isDue ? 'due: ' : ''}${STEPS[kind]}\n`
    })
    .join('')
}
