import { groupBy } from '../../records/group.js'
import type { Position } from '../../yaml/read-yaml.js'
import { refusals } from '../apply/guards.js'
import type { Plan, ZoneFailure } from '../plan/plan.js'
import { shortValue } from '../render/value/short-value.js'
import { count } from '../render/words.js'
import { type Html, html } from './html/html.js'
import { copyButton, place, section } from './html/parts.js'
import { LIMITS, leftOut } from './limits.js'
import { number } from './words.js'

/** Something in the way, or worth knowing, as it is shown. */
interface Notice {
  readonly level: 'error' | 'guard' | 'warning' | 'note'
  readonly message: string
  readonly hint?: string | undefined
  /** More lines, of a bug. */
  readonly lines?: readonly string[]
  /** Stable id of the rule, or the code of the failure. */
  readonly id: string
  readonly where?: Position | undefined
  readonly also?: Position | undefined
  readonly zone?: string | undefined
  readonly provider?: string | undefined
}

const LEVELS = ['error', 'guard', 'warning', 'note'] as const
const LEVEL_WORD = { error: 'Error', guard: 'Needs consent', warning: 'Warning', note: 'Note' } as const

/** Zones that could not be planned, guards that will refuse, and problems of the spec, the worst first; notes are folded. */
export function problemsSection(plan: Plan): Html | undefined {
  const all = [
    ...plan.failures.map(failureNotice),
    ...refusals(plan, { adopt: false, force: false }).map(
      (refusal): Notice => ({ ...refusal, level: 'guard', id: refusal.guard }),
    ),
    ...plan.problems.map((problem): Notice => ({ ...problem, level: problem.severity, id: problem.rule })),
  ].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  if (all.length === 0) return undefined
  const shown = all.slice(0, LIMITS.problems)
  const urgent = shown.filter(({ level }) => level !== 'note')
  const notes = shown.filter(({ level }) => level === 'note')
  return section(
    'problems',
    urgent.length > 0 ? 'Needs attention' : 'Worth knowing',
    html`${noticeList(urgent)}${
      notes.length > 0 &&
      html`<details class="notes" ${urgent.length === 0 && notes.length < 4 && html`open`}><summary>${count(notes.length, 'note')}: nothing is wrong</summary>${noticeList(notes)}</details>`
    }${leftOut(all.length - shown.length, 'problem', 'mailsync plan --format json')}`,
  )
}

/** What one rule says of many places is shown at the first of them; the others are folded. */
function noticeList(notices: readonly Notice[]): Html | undefined {
  if (notices.length === 0) return undefined
  const groups = [...groupBy(notices, ({ level, id }) => `${level} ${id}`).values()]
  return html`<ul class="notices">${groups.map((group) => {
    const shown = group.length > ALIKE + 1 ? group.slice(0, ALIKE) : group
    const more = group.slice(shown.length)
    return html`${shown.map(noticeItem)}${
      more.length > 0 &&
      html`<li class="alike"><details><summary>${number(more.length)} more like these</summary><ul>${more.map(noticeItem)}</ul></details></li>`
    }`
  })}</ul>`
}

/** How many notices of one rule are shown. */
const ALIKE = 3

function failureNotice({ zone, provider, code, message, hint, record, apiCode }: ZoneFailure): Notice {
  const [first = '', ...lines] = message.split('\n')
  return {
    level: 'error',
    message: record === undefined ? first : `${record}: ${first}`,
    lines,
    hint,
    id: apiCode === undefined ? code : `${code} ${apiCode}`,
    zone,
    provider,
  }
}

function noticeItem({ level, message, hint, lines = [], id, where, also, zone, provider }: Notice): Html {
  return html`<li class="notice ${level} copyable"><p class="level">${LEVEL_WORD[level]}</p>
<div class="copied"><p class="message">${shortValue(message)}</p>${hint !== undefined && html`<p class="hint">${hint}</p>`}${
    lines.length > 0 &&
    html`<details class="lines"><summary>Where it happened</summary><ul>${lines.map((line) => html`<li><code>${line.trim()}</code></li>`)}</ul></details>`
  }<p class="whence">${zone !== undefined && html`<span><code>${zone}</code>${provider !== undefined && html` at ${provider}`}</span> `}${place(where, { column: true })}${
    also !== undefined && html` and ${place(also, { column: true })}`
  } <span class="rule">${id}</span></p></div>${copyButton('this problem')}</li>
`
}
