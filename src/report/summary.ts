import { isUnsound, refusals } from '../apply/guards.js'
import { type Counts, countChanges, hasChanges, leavesOut, type Plan } from '../plan/plan.js'
import { mailEffects } from '../render/plan/mail-effects.js'
import { narrowedOf } from '../render/plan/narrowed.js'
import { count } from '../render/words.js'
import { type Content, type Html, html } from './html/html.js'
import { listed, number } from './words.js'

/** The plan in one line. */
export function headline(plan: Plan): string {
  const counts = countChanges(plan.zones)
  const total = counts.create + counts.update + counts.delete
  if (total > 0) return total === 1 ? '1 record will change' : `${count(total, 'record')} will change`
  if (plan.keys.length > 0) return 'DKIM keys have to be made first'
  if (plan.failures.length > 0) return `${count(plan.failures.length, 'zone')} could not be planned`
  const steps = plan.manual.filter(({ zone }) => zone !== undefined).length
  if (steps > 0) return `${count(steps, 'step')} to do by hand`
  return hasChanges(plan) ? 'Mail records stay as they are' : 'Nothing to do'
}

/** The plan in words, and what stands in its way. */
export function summary(plan: Plan): Html {
  const counts = countChanges(plan.zones)
  const isBlocked = plan.failures.length > 0 || plan.problems.some(({ severity }) => severity === 'error')
  const state = isBlocked ? 'blocked' : hasChanges(plan) ? 'pending' : 'done'
  return html`<header class="summary ${state}"><p class="eyebrow">mailsync plan <span class="place">${plan.spec}</span>${
    plan.owner !== false && html` <span class="owner-id">owner ${plan.owner}</span>`
  }</p>
<h1>${headline(plan)}</h1>
<p class="lead">${[lead(plan, counts), ...narrowedOf(plan)].join(' ')}</p>
<dl class="counts">${tally('create', '+', counts.create, 'to create')}${tally('update', '~', counts.update, 'to update')}${tally('delete', '−', counts.delete, 'to delete')}${tally('same', '=', plan.unchanged, plan.unchanged === 1 ? 'zone unchanged' : 'zones unchanged')}</dl>
${points(plan)}${effects(plan)}</header>
`
}

function tally(kind: string, sign: string, value: number, words: string): Html {
  return html`<div class="${kind} ${value === 0 && 'zero'}"><dt>${words}</dt><dd><span class="sign" aria-hidden="true">${sign}</span>${number(value)}</dd></div>`
}

function lead(plan: Plan, counts: Counts): string {
  const { unchanged, zones } = plan
  const verbs = (['create', 'update', 'delete'] as const).filter((kind) => counts[kind] > 0)
  const parts = verbs.map(
    (kind, index) => `${kind}s ${index === 0 ? count(counts[kind], 'record') : number(counts[kind])}`,
  )
  const rest = unchanged > 0 ? ` ${count(unchanged, 'zone')} ${unchanged === 1 ? 'needs' : 'need'} nothing.` : ''
  if (parts.length > 0)
    return `Apply ${listed(parts)}${parts.length > 1 ? ',' : ''} in ${count(counts.zones, 'zone')}.${rest}`
  if (zones.some(({ byHand, changes }) => byHand && changes.some(({ manifest }) => !manifest)))
    return `No API reaches these zones: a person enters what is told below.${rest}`
  if (zones.length > 0) return `Apply only writes down what mailsync owns.${rest}`
  return rest === ''
    ? 'No zone was compared.'
    : `${leavesOut(plan) ? 'What was looked at' : 'DNS'} is as the spec wants it.${rest}`
}

function effects({ zones }: Plan): Html | undefined {
  const sentences = mailEffects(zones)
  return sentences.length === 0
    ? undefined
    : html`<ul class="effects">${sentences.map((sentence) => html`<li>${sentence}.</li>`)}</ul>`
}

function points(plan: Plan): Html | undefined {
  const { failures, problems, keys, manual } = plan
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.filter(({ severity }) => severity === 'warning').length
  const asks = refusals(plan, { adopt: false, force: false })
  const flags = [...new Set(asks.map(({ guard }) => (guard === 'adopt' ? '--adopt' : '--force')))]
  const all: [Content, string, string][] = [
    [
      failures.length > 0 && `${count(failures.length, 'zone')} could not be planned; nothing is written there`,
      'problems',
      'error',
    ],
    [isUnsound(plan) && 'Apply refuses this plan until the errors are corrected', 'problems', 'error'],
    [errors > 0 && count(errors, 'error'), 'problems', 'error'],
    [asks.length > 0 && `Apply asks for consent: ${listed(flags)}`, 'problems', 'guard'],
    [warnings > 0 && count(warnings, 'warning'), 'problems', 'warning'],
    [
      keys.length > 0 && `${count(keys.length, 'DKIM key')} to be made first; then plan again for the whole`,
      'changes',
      'key',
    ],
    [manual.length > 0 && `${count(manual.length, 'step')} to do by hand`, 'steps', 'hand'],
  ]
  const said = all.filter(([text]) => text !== false)
  if (said.length === 0) return undefined
  return html`<ul class="points">${said.map(([text, id, kind]) => html`<li class="${kind}"><a href="#${id}">${text}</a></li>`)}</ul>`
}
