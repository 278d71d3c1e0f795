import { durationText } from '../../../records/duration.js'
import { displayName } from '../../../records/rr/name.js'
import type { Failure } from '../../failure.js'
import type { HostRoll } from '../../hosts/tlsa/look.js'
import type { Roll } from '../../hosts/tlsa/roll.js'
import { rollFile } from '../../hosts/tlsa/roll-file.js'
import { dnssecText, keySightText, publishedBy, ROLL_STEPS, rollWaitText, servedText } from '../../hosts/tlsa/words.js'
import { inert } from '../inert.js'
import { count } from '../words.js'
import { doneOf } from './apply-summary.js'
import { failureLines, renderFailures } from './faults/failures-text.js'
import { paint } from './paint.js'
import { stepLines } from './plan/steps-text.js'
import { zoneTitle } from './plan/zone-title.js'

interface View {
  readonly colour: boolean
  /** Seconds since 1970. */
  readonly now: number
}

/** The keys of each host: state, age, where it is seen, what comes next and when; what its server answers with; DNSSEC. */
export function renderHostRolls(rolls: readonly HostRoll[], view: View): string {
  return rolls.map((roll) => `${hostLines(roll, view).join('\n')}\n`).join('\n')
}

function hostLines(roll: HostRoll, { colour, now }: View): string[] {
  const { host, failure, served, next } = roll
  const published = publishedBy(roll)
  const others = [...next.steps, ...next.waits].filter(
    ({ association }) => association !== undefined && !published.includes(association),
  )
  const said = (one: HostRoll['next']['steps'][number] | HostRoll['next']['waits'][number]): string =>
    'kind' in one ? `due now: ${ROLL_STEPS[one.kind]}` : rollWaitText(one, roll)
  return [
    paint(inert(displayName(host.name)), 'bold', colour),
    ...(failure ? failureLines(failure, colour).map((line) => `  ${line}`) : []),
    ...(published.length === 0 ? ['  no keys yet'] : []),
    ...published.flatMap((association) => {
      const key = host.tlsa.rollKeys.find((one) => one.association === association)
      const state = key ? `  ${key.state}  ${durationText(Math.max(0, now - (key.times[key.state] ?? now)))}` : ''
      return [
        `  ${association}${state}  ${inert(keySightText(association, roll))}`,
        ...[...next.steps, ...next.waits]
          .filter((one) => one.association === association)
          .map((one) => `    ${inert(said(one))}`),
      ]
    }),
    ...others.map((one) => `  ${one.association}  ${inert(said(one))}`),
    ...next.waits.filter(({ association }) => association === undefined).map((wait) => `  ${rollWaitText(wait, roll)}`),
    ...served.map((one) => `  ${inert(servedText(one, published))}`),
    `  ${inert(dnssecText(roll))}`,
  ]
}

/** What was done with the keys of certificates, what a person has to do, what they wait for, and what is to be committed. */
export function renderRoll(
  { taken, hosts, zones, manual, zoneFailures, failures }: Roll,
  {
    colour,
    columns,
    now,
    dryRun,
    refused,
    file,
  }: View & {
    readonly columns: number
    readonly dryRun: boolean
    readonly refused: readonly Failure[]
    readonly file: string
  },
): string {
  const touched = dryRun ? [] : [...new Set(taken.map(({ host }) => host))]
  const steps = taken.map(({ host, association, kind }) => {
    const head = `${paint(inert(displayName(host)), 'bold', colour)}  ${association}`
    return `${head}  ${dryRun ? 'due: ' : ''}${ROLL_STEPS[kind]}\n`
  })
  const failed = failures.map(
    ({ host, ...failure }) =>
      `${[paint(inert(displayName(host)), 'bold', colour), ...failureLines(failure, colour)].join('\n  ')}\n`,
  )
  const told = zoneFailures.length + failures.length
  const done = `${count(taken.length, 'step')} ${dryRun ? (taken.length === 1 ? 'is due' : 'are due') : 'taken'}`
  const sections = [
    steps.join(''),
    zones
      .filter(({ applied }) => applied.length > 0)
      .map((zone) => `${zoneTitle(zone, colour)}  ${doneOf(zone.applied)}\n`)
      .join(''),
    manual.length === 0
      ? ''
      : `${paint('To do by hand', 'bold', colour)}\n${stepLines(manual, { colour, width: columns }).join('\n')}\n`,
    renderFailures(zoneFailures, { colour }, 'Failed; keys there stay as they are'),
    failed.join(''),
    renderHostRolls(hosts, { colour, now }),
    refused.map((failure) => `${failureLines(failure, colour).join('\n')}\n`).join(''),
    touched.length > 0 ? `Commit ${touched.map((host) => inert(rollFile(file, host))).join(', ')}.\n` : '',
    `${taken.length === 0 ? 'No step is due' : done}${told > 0 ? `; ${count(told, 'failure')}` : ''}.\n`,
  ]
  return sections.filter((text) => text !== '').join('\n')
}
