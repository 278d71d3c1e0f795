import { groupBy } from '../../../records/group.js'
import type { Position } from '../../../yaml/read-yaml.js'
import { refusals } from '../../apply/guards.js'
import type { Plan, PlannedKey, PlannedManualStep, ZoneFailure } from '../../plan/plan.js'
import { WAIT } from '../../steps/words.js'
import { VERIFY_TITLE } from '../../verify/render/summary.js'
import { verifyMarkdown } from '../../verify/render/verify-markdown.js'
import { fileLine } from '../place.js'
import { mailEffects } from '../plan/mail-effects.js'
import { narrowedOf } from '../plan/narrowed.js'
import { claimsOf, summaryOf } from '../plan/plan-summary.js'
import { mostUrgent } from '../text/faults/problems-text.js'
import { count } from '../words.js'
import { fitting } from './fitting.js'
import { codeSpan, markdownComment, markdownSentence } from './markdown.js'
import { problemItem } from './problem-markdown.js'
import { proofMarkdown } from './proof-markdown.js'
import { codeBlock, stepsMarkdown } from './steps-markdown.js'
import { zoneMarkdown } from './zone-markdown.js'

export interface PlanMarkdownOptions {
  /** Characters the text may have, 4,000 at least; GitHub takes 65,536 in a comment. */
  readonly limit?: number | undefined
  /** Where the whole plan is. */
  readonly artifactUrl?: string | undefined
  /** By which the comment is found again, see {@link markdownComment}. */
  readonly marker?: string | undefined
}

/** The share of the limit that any part but the zones may take. */
const SHARE = 0.1
const MAX_PROBLEMS = 50
/** Of more zones every table is folded. */
const MAX_OPEN_ZONES = 5
/** For what is said at the end, and that of a list. */
const RESERVE = 300
const MORE = 30

/** The plan for a pull request: in words what it does to mail, then the changes, folded where they are many, and all a person has to do. */
export function renderPlanMarkdown(
  plan: Plan,
  { limit = 65_000, artifactUrl, marker }: PlanMarkdownOptions = {},
): string {
  const room = limit * SHARE
  const head = [
    ...(marker === undefined ? [] : [markdownComment(marker)]),
    '### mailsync plan',
    '',
    `**${summaryOf(plan)}**${[...narrowedOf(plan).map(markdownSentence), claimsOf(plan) ?? []]
      .flat()
      .map((text) => ` ${text}`)
      .join('')}`,
    '',
    list(
      '',
      mailEffects(plan.zones).map((text) => `- ${markdownSentence(text)}`),
      room * 2,
    ),
    ...guards(plan),
  ].join('\n')
  const stepsAt = groupBy(plan.manual, ({ zone, provider }) => (zone === undefined ? undefined : `${zone} ${provider}`))
  const loose = stepsAt.get(undefined) ?? []
  stepsAt.delete(undefined)
  const tail = [
    handMade([...stepsAt.values()], room * 3),
    list('#### Failed; nothing is written there', plan.failures.map(failureItem), room),
    proofMarkdown(plan.proof, room * 2),
    list('#### Observed addresses', (plan.observed ?? []).map(observedItem), room),
    list('#### DKIM keys that will be generated', plan.keys.map(keyItem), room),
    list('#### To do by hand', loose.map(manualItem), room),
    list('#### Problems', mostUrgent(plan.problems, MAX_PROBLEMS).map(problemItem), room, plan.problems.length),
  ].join('')
  const ends = RESERVE + (artifactUrl?.length ?? 0) * 3
  const seen = plan.verify
    ? `${verifyMarkdown(`#### ${VERIFY_TITLE}`, plan.verify, Math.min(room * 2, limit - head.length - tail.length - ends))}\n`
    : ''
  const used = head.length + tail.length + seen.length + ends
  const { text, left } = zonesMarkdown(plan, limit - used)
  return `${`${head}${text}${seen}${tail}${ending(left, artifactUrl)}`.trimEnd()}\n`
}

/** The zones that a person writes, each with what to enter. */
function handMade(zones: readonly (readonly PlannedManualStep[])[], room: number): string {
  let text = ''
  let left = 0
  for (const steps of zones) {
    const [{ zone = '', provider = '' } = {}] = steps
    const title = `#### To enter by hand: ${codeSpan(zone)} at ${codeSpan(provider)}`
    const section = stepsMarkdown(steps, title, left > 0 ? 0 : room - text.length - RESERVE)
    text += section.text === '' ? '' : `${section.text}\n`
    left += section.left
  }
  return left === 0 ? text : `${text}**${count(left, 'step')} had no room here.** \`mailsync plan\` shows them all.\n\n`
}

function zonesMarkdown({ zones: all }: Plan, limit: number): { text: string; left: string } {
  const zones = all.filter(({ byHand }) => !byHand)
  const folded = zones.length > MAX_OPEN_ZONES
  let text = ''
  for (const [index, zone] of zones.entries()) {
    const section = zoneMarkdown(zone, { limit: limit - text.length, folded })
    text += section.text === '' ? '' : `${section.text}\n`
    if (section.left > 0) return { text, left: leftOut(section.left, zones.slice(index + 1)) }
  }
  return { text, left: '' }
}

function leftOut(changes: number, zones: Plan['zones']): string {
  const rest = zones.reduce((sum, zone) => sum + zone.changes.filter(({ manifest }) => !manifest).length, 0)
  const others = zones.length > 0 ? `, ${count(zones.length, 'whole zone')} among them` : ''
  return `${count(changes + rest, 'change')} had no room here${others}.`
}

function ending(left: string, artifactUrl: string | undefined): string {
  if (artifactUrl === undefined) return left === '' ? '' : `**${left}** \`mailsync plan\` shows them all.\n`
  const link = `[The whole plan](${new URL(artifactUrl).href.replace(/[()\\]/g, percent)})`
  return `${left === '' ? '' : `**${left}** `}${link}\n`
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16)}`
}

/** What apply asks for before it goes on. */
function guards(plan: Plan): string[] {
  const refused = refusals(plan, { adopt: false, force: false })
  const adopted = refused.filter(({ guard }) => guard === 'adopt').length
  const deleted = refused.filter(({ guard }) => guard === 'deletes').length
  const broken = refused.filter(({ guard }) => guard === 'proof')
  const notes = [
    ...broken.map(({ message }) => `> ${markdownSentence(message)}; \`apply\` asks for \`--force\`.`),
    ...(adopted > 0
      ? [`> **${count(adopted, 'change')}** would replace what mailsync did not write; \`apply\` asks for \`--adopt\`.`]
      : []),
    ...(deleted > 0
      ? [`> In **${count(deleted, 'zone')}** much of what mailsync owns would go; \`apply\` asks for \`--force\`.`]
      : []),
  ]
  return notes.length > 0 ? ['> [!WARNING]', notes.join('\n>\n'), '', ''] : ['']
}

function list(title: string, items: readonly string[], room: number, total = items.length): string {
  if (items.length === 0) return ''
  const shown = fitting(items, room - title.length - MORE, (item) => item.length + 1)
  const more = total - shown.length
  const rest = more > 0 ? [`- and ${count(more, 'more', 'more')}`] : []
  return [...(title === '' ? [] : [title, '']), ...shown, ...rest, '', ''].join('\n')
}

function failureItem({ zone, provider, code, message, hint, record, apiCode }: ZoneFailure): string {
  const place = [record, apiCode].filter((part) => part !== undefined).map(codeSpan)
  const where = place.length > 0 ? ` (${place.join(', ')})` : ''
  return `- ${codeSpan(zone)} at ${codeSpan(provider)}: ${codeSpan(code)} ${markdownSentence(message)}${where}${also(hint)}`
}

function observedItem({ host, addresses, by, failure = '' }: NonNullable<Plan['observed']>[number]): string {
  const name = codeSpan(host)
  return by === undefined
    ? `- ${name}: not known; what depends on them stays as it is: ${markdownSentence(failure)}`
    : `- ${name}: ${addresses.map(codeSpan).join(', ')}, observed by ${codeSpan(by)}`
}

function keyItem({ domain, selector, algorithm, where }: PlannedKey): string {
  return `- ${codeSpan(`${selector}._domainkey.${domain}`)} ${codeSpan(algorithm)}${at(where)}`
}

function manualItem({ what, why, where, remarks = [], waits, request }: PlannedManualStep): string {
  const told = remarks.map(
    ({ message, hint }) => `${also(message)}${hint === undefined ? '' : ` (${markdownSentence(hint)})`}`,
  )
  const asked = request
    ? [
        `<br>Ask ${markdownSentence(request.to)}. To send:`,
        ...codeBlock(request.text.split('\n')).map((line) => (line === '' ? '' : `  ${line}`)),
      ]
    : []
  return [
    `- [ ] ${waits ? `${WAIT}: ` : ''}${markdownSentence(what)}${at(where)}${also(`because ${why}`)}${told.join('')}${asked.shift() ?? ''}`,
    ...asked,
  ].join('\n')
}

function at(where: Position | undefined): string {
  return where === undefined ? '' : ` (${codeSpan(fileLine(where))})`
}

function also(hint: string | undefined): string {
  return hint === undefined ? '' : `<br>${markdownSentence(hint)}`
}
