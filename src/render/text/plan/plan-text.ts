import { LOOKUP_LIMIT, VOID_LIMIT } from '../../../../records/families/spf/graph.js'
import { groupBy } from '../../../../records/group.js'
import { displayName } from '../../../../records/rr/name.js'
import type { Position } from '../../../../yaml/read-yaml.js'
import { type Refusal, refusals } from '../../../apply/guards.js'
import type { Plan, PlannedKey, PlannedSpfTerm, ZonePlan } from '../../../plan/plan.js'
import { VERIFY_TITLE } from '../../../verify/render/summary.js'
import { verifyLines } from '../../../verify/render/verify-text.js'
import { inert } from '../../inert.js'
import { fileLine } from '../../place.js'
import { narrowedOf } from '../../plan/narrowed.js'
import { claimsOf, summaryOf } from '../../plan/plan-summary.js'
import { PROOF_TITLE } from '../../plan/proof-view.js'
import { withUnicodeBehind } from '../../value/unicode-names.js'
import { count } from '../../words.js'
import { renderFailures } from '../faults/failures-text.js'
import { renderProblems } from '../faults/problems-text.js'
import { paint } from '../paint.js'
import { type Columns, columnsFor, type Row, renderRow, Widths } from '../rows.js'
import { changeRow, manifestRow, unchangedRow } from './change-row.js'
import { proofLines } from './proof-text.js'
import { renderLooseSteps, stepLines } from './steps-text.js'
import { zoneTitle } from './zone-title.js'

export interface PlanTextOptions {
  readonly colour: boolean
  /** Cells in a line; default 100. Names, terms and keys are broken only where `isTerminal` asks for it. */
  readonly width?: number | undefined
  readonly isTerminal?: boolean | undefined
  /** Shows what stays, and DKIM keys in full. */
  readonly verbose?: boolean | undefined
}

/**
 * The plan for people at a terminal: zone by zone what changes and where the spec asks for it, then all else, then a summary. The parts
 * have an empty line between them; each is made or copied when it is asked for.
 */
export function* planSections(
  plan: Plan,
  { colour, width = 100, isTerminal = false, verbose = false }: PlanTextOptions,
): Generator<string> {
  const stepsAt = groupBy(plan.manual, ({ zone, provider }) => (zone === undefined ? '' : `${zone} ${provider}`))
  yield* zoneTexts(plan, stepsAt, { colour, width, isTerminal, verbose })
  const others = [
    section('Observed addresses', (plan.observed ?? []).map(observedLine), colour),
    section('DKIM keys that will be generated', plan.keys.map(keyLine), colour),
    renderFailures(plan.failures, { colour }),
    renderLooseSteps(stepsAt.get('') ?? [], { colour, columns: width, isTerminal }),
    section('SPF look-ups', (plan.spf ?? []).flatMap(budgetLines), colour),
    section(PROOF_TITLE, proofLines(plan.proof, colour), colour),
    section(VERIFY_TITLE, plan.verify ? verifyLines(plan.verify, { colour, verbose }) : [], colour),
    renderProblems(plan.problems, { colour }),
    summary(plan, colour),
  ]
  yield* others.filter((text) => text !== '')
}

type Whole = { readonly [Option in keyof PlanTextOptions]-?: NonNullable<PlanTextOptions[Option]> }

/**
 * The text of each zone, in columns that all of them share. Only texts are kept, as rows take many times their memory, and in UTF-8, as
 * the ellipsis of a key alone doubles a string. What was made before the columns had their widths is made anew.
 */
function* zoneTexts(
  plan: Plan,
  stepsAt: ReadonlyMap<string, Plan['manual']>,
  { colour, width, isTerminal, verbose }: Whole,
): Generator<string> {
  const refused = tooManyDeletes(plan)
  const widths = new Widths()
  let columns = columnsFor(widths, width, isTerminal)
  const textOf = (zone: ZonePlan, rows: readonly Row[]): string => {
    const steps = stepLines(stepsAt.get(`${zone.zone} ${zone.provider}`) ?? [], { colour, width })
    return renderZone(zone, rows, { columns, colour, refused: refused.has(zone), steps })
  }
  const drafts = plan.zones.map((zone) => {
    const rows = rowsOf(zone, plan.owner, verbose)
    if (widths.add(rows)) columns = columnsFor(widths, width, isTerminal)
    return { columns, text: Buffer.from(textOf(zone, rows)) }
  })
  for (const [index, zone] of plan.zones.entries()) {
    const draft = drafts[index]
    yield draft?.columns === columns ? draft.text.toString() : textOf(zone, rowsOf(zone, plan.owner, verbose))
  }
}

/** Records that do not change are named up to here, unless all is asked for. */
const MAX_NAMED = 8

function rowsOf(
  { zone, byHand, addressOwner, memory, changes, claimed, left }: ZonePlan,
  owner: Plan['owner'],
  verbose: boolean,
): Row[] {
  const place = addressOwner ? { addressOwner } : {}
  const named = verbose ? claimed : claimed.slice(0, MAX_NAMED)
  return [
    ...(byHand
      ? []
      : changes.filter(({ manifest }) => !manifest).map((change) => changeRow(change, place, { verbose }))),
    ...named.map((record) => unchangedRow(record, 'is there already as wanted')),
    ...left.map((record) => unchangedRow(record, 'stays: mailsync did not write it')),
    ...changes.filter(({ manifest }) => manifest).map((change) => manifestRow(change, { zone, memory }, owner)),
  ]
}

interface ZoneView {
  readonly columns: Columns
  readonly colour: boolean
  /** Apply asks for `--force`. */
  readonly refused: boolean
  /** What a person has to do. */
  readonly steps: readonly string[]
}

function renderZone(zone: ZonePlan, rows: readonly Row[], { columns, colour, refused, steps }: ZoneView): string {
  const notes = [
    ...(zone.byHand && steps.length > 0 ? ['no API: enter this by hand, in this order'] : []),
    ...(zone.addressOwner ? ['PTRs of addresses'] : []),
    ...(zone.writes > 1 ? [`${count(zone.writes, 'write')}, not atomic`] : []),
    ...(refused ? [`deletes ${zone.removed} of its ${count(zone.owned, 'record')}: apply asks for --force`] : []),
  ].map((note) => `  ${paint(`(${note})`, 'yellow', colour)}`)
  return [
    `${zoneTitle(zone, colour)}${notes.join('')}`,
    ...steps,
    ...rows.flatMap((row) => renderRow(row, columns, colour)),
    '',
  ].join('\n')
}

function tooManyDeletes(plan: Plan): Set<ZonePlan> {
  const refused = refusals(plan, { adopt: true, force: false })
    .filter(({ guard }) => guard === 'deletes')
    .map(({ zone, provider }) => `${zone} ${provider}`)
  const keys = new Set(refused)
  return new Set(plan.zones.filter(({ zone, provider }) => keys.has(`${zone} ${provider}`)))
}

function section(title: string, lines: readonly string[], colour: boolean): string {
  return lines.length === 0 ? '' : [paint(title, 'bold', colour), ...lines.map((line) => `  ${line}`), ''].join('\n')
}

function observedLine({ host, addresses, by, failure = '' }: NonNullable<Plan['observed']>[number]): string {
  const name = inert(displayName(host))
  return by === undefined
    ? `${name}  not known; what depends on them stays as it is: ${inert(failure)}`
    : `${name}  ${addresses.map(inert).join(', ')}  observed by ${inert(by)}`
}

function keyLine({ domain, selector, algorithm, where }: PlannedKey): string {
  return `${withUnicodeBehind(inert(`${selector}._domainkey.${domain}`))}  ${inert(algorithm)}${at(where)}`
}

/** `example.com  7/10 look-ups: _spf.google.com 4, sendgrid.net 2`; below it the tree, where receivers cannot evaluate it. */
function budgetLines(budget: NonNullable<Plan['spf']>[number]): string[] {
  const isDeep = budget.terms.some(({ terms, why }) => terms !== undefined || why !== undefined)
  return [budgetLine(budget), ...(isDeep ? budget.terms.flatMap((term) => treeLines(term, '  ')) : [])]
}

function treeLines({ term, lookups, voids, why, terms = [] }: PlannedSpfTerm, indent: string): string[] {
  const notes = [
    `${lookups}`,
    ...(voids > 0 ? [`${voids} finding nothing`] : []),
    ...(why === undefined ? [] : [inert(why)]),
  ]
  return [`${indent}${inert(term)}  ${notes.join(', ')}`, ...terms.flatMap((one) => treeLines(one, `${indent}  `))]
}

function budgetLine({ domain, lookups, voids, terms, unknown }: NonNullable<Plan['spf']>[number]): string {
  const parts = terms.map((one) => `${inert(one.term.replace(/^[-+~?]?include:/i, ''))} ${one.lookups}`)
  const notKnown = unknown.length === 0 ? '' : `; not known: ${unknown.map(inert).join(', ')}`
  return [
    `${inert(displayName(domain))}  spf ${unknown.length > 0 ? 'at least ' : ''}${lookups}/${LOOKUP_LIMIT} look-ups`,
    `${parts.length === 0 ? '' : `: ${parts.join(', ')}`}${voids === 0 ? '' : `; ${voids}/${VOID_LIMIT} find nothing`}${notKnown}`,
  ].join('')
}

function at(where: Position | undefined): string {
  return where === undefined ? '' : `  ${fileLine(where)}`
}

function summary(plan: Plan, colour: boolean): string {
  const notes = [...narrowedOf(plan).map(inert), claimsOf(plan), wantedFlags(plan)].filter((note) => note !== undefined)
  return [paint(summaryOf(plan), 'bold', colour), ...notes, ''].join('\n')
}

/** What apply will ask for before it carries the plan out; undefined where it asks for nothing. */
function wantedFlags(plan: Plan): string | undefined {
  const refused = refusals(plan, { adopt: false, force: false })
  const of = (guard: Refusal['guard']): number => refused.filter((refusal) => refusal.guard === guard).length
  const wanted = [
    ...(of('adopt') > 0 ? [`--adopt, to replace ${count(of('adopt'), 'value')} that mailsync did not write`] : []),
    ...(of('proof') > 0 ? ['--force, to break what passes now'] : []),
    ...(of('deletes') > 0 ? [`--force, to delete so much in ${count(of('deletes'), 'zone')}`] : []),
  ]
  return wanted.length === 0 ? undefined : `Apply will want ${wanted.join('; and ')}.`
}
