import { displayName, type Name } from '../../../records/rr/name.js'
import { subjectOf } from '../../../records/rr/rrset.js'
import type { ApplyResult, MadeKey, ZoneOutcome } from '../../apply/result.js'
import type { PlannedChange } from '../../plan/plan.js'
import { inert } from '../inert.js'
import { zoneAt } from '../place.js'
import { withUnicodeBehind } from '../value/unicode-names.js'
import { applySummaryOf, doneOf, isStopped, laterOf, stepsOf } from './apply-summary.js'
import { failureLines } from './faults/failures-text.js'
import { paint } from './paint.js'
import { SIGN } from './plan/change-row.js'
import { shownName, zoneTitle } from './plan/zone-title.js'
import { columnsOf, type Row, renderRow, type Word } from './rows.js'

const DONE: Record<PlannedChange['kind'], string> = { create: 'created', update: 'updated', delete: 'deleted' }
/** Zones that were not begun are named up to here. */
const MAX_NAMED = 10

/** What an apply did: a line for a zone that took everything, change by change where one did not, and why. */
export function renderApplyText(result: ApplyResult, { colour }: { colour: boolean }): string {
  const stopped = result.zones.filter(isNotBegun)
  const told = result.zones.filter((zone) => !isNotBegun(zone))
  const lines = [
    ...result.keys.flatMap((key) => keyLines(key, colour)),
    ...told.flatMap((zone) => zoneLines(zone, colour)),
    ...notBegun(stopped),
    ...toCommit(result.zones),
    paint(applySummaryOf(result), 'bold', colour),
  ]
  return `${lines.join('\n')}\n`
}

function keyLines({ domain, selector, algorithm, found, privateKey }: MadeKey, colour: boolean): string[] {
  const how = found ? 'found, not generated' : 'generated'
  const title = `${paint(withUnicodeBehind(inert(`${selector}._domainkey.${domain}`)), 'bold', colour)}  ${inert(algorithm)} key ${how}`
  if (privateKey === undefined) return [title]
  return [
    title,
    `  its private half is ${inert(privateKey)}`,
    `  once every server shows it: mailsync dkim use ${inert(displayName(domain as Name))} ${inert(selector)}, then give it to your signer: mailsync dkim export --format SIGNER`,
  ]
}

function zoneLines(zone: ZoneOutcome, colour: boolean): string[] {
  const { applied, uncertain, pending, failure, byHand, waitsFor, later = [] } = zone
  const title = zoneTitle(zone, colour)
  if (waitsFor)
    return [`${title}  waits: mail leads from here to ${zoneAt(waitsFor)}, or back, and steps are open there`]
  if (byHand && pending.length === 0 && !failure)
    return [`${title}  ${stepsOf([zone])}; open until every server shows what was entered`]
  if (uncertain.length + pending.length === 0 && !failure)
    return [`${title}  ${[doneOf(applied), ...(later.length > 0 ? [laterOf([zone])] : [])].join('; ')}`]
  const rows = [
    ...applied.map((change) => row(change, { text: DONE[change.kind], style: 'plain' })),
    ...uncertain.map((change) => row(change, { text: 'not known: the reply was lost', style: 'yellow' })),
    ...(byHand ?? []).map((change) => row(change, { text: 'yours to do', style: 'yellow' })),
    ...pending.map((change) => row(change, { text: 'not written', style: 'red' })),
    ...later.map((change) => row(change, { text: 'left to a later phase', style: 'dim' })),
  ]
  const columns = columnsOf(rows, Number.POSITIVE_INFINITY)
  return [
    title,
    ...(failure ? failureLines(failure, colour).map((line) => `  ${line}`) : []),
    ...rows.flatMap((each) => renderRow(each, columns, colour)),
  ]
}

function row(change: PlannedChange, outcome: Word): Row {
  const { name, type } = subjectOf(change)
  const sign: Word = change.manifest ? { text: '·', style: 'dim' } : SIGN[change.kind]
  return { sign, ...shownName(name), type, ttl: '', lines: [{ words: [outcome] }] }
}

/** The files that say what mailsync may ask to delete one day. */
function toCommit(zones: readonly ZoneOutcome[]): string[] {
  const files = zones.flatMap(({ memory }) => memory ?? [])
  if (files.length === 0) return []
  const more = files.length > MAX_NAMED ? ` and ${files.length - MAX_NAMED} more` : ''
  return [`Commit ${files.slice(0, MAX_NAMED).map(inert).join(', ')}${more}: what mailsync owns is remembered there.`]
}

function isNotBegun(zone: ZoneOutcome): boolean {
  return isStopped(zone) && zone.applied.length + zone.uncertain.length === 0
}

function notBegun(zones: readonly ZoneOutcome[]): string[] {
  if (zones.length === 0) return []
  const names = zones.slice(0, MAX_NAMED).map(({ zone, provider }) => `${inert(zone)} at ${inert(provider)}`)
  const more = zones.length > MAX_NAMED ? ` and ${zones.length - MAX_NAMED} more` : ''
  return [`Not begun, because the run was stopped: ${names.join(', ')}${more}`]
}
