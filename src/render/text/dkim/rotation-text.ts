import { keyId } from '../../../../records/families/dkim/dkim-key.js'
import { isAbout } from '../../../../records/families/dkim/rotation/step.js'
import { displayName } from '../../../../records/rr/name.js'
import { keyFiles } from '../../../dkim/keystore/key-files.js'
import { ledDomainsFile } from '../../../dkim/keystore/led-domains.js'
import type { Rotation } from '../../../dkim/rotation/rotate.js'
import { inert } from '../../inert.js'
import { count } from '../../words.js'
import { doneOf } from '../apply-summary.js'
import { failureLines, renderFailures } from '../faults/failures-text.js'
import { paint } from '../paint.js'
import { stepLines } from '../plan/steps-text.js'
import { zoneTitle } from '../plan/zone-title.js'
import { renderRings, renderSteps } from './rings-text.js'

export interface RotationTextOptions {
  readonly colour: boolean
  readonly columns: number
  readonly keysDirectory: string
  readonly now: number
  readonly dryRun: boolean
}

/** What a rotation did, what a person has to do, what the keys wait for, and what is to be committed. */
export function renderRotation(rotation: Rotation, options: RotationTextOptions): string {
  const { taken, rings, zones, manual, zoneFailures, failures } = rotation
  const { colour, columns, keysDirectory, dryRun } = options
  const written = zones.filter(({ applied }) => applied.length > 0)
  const touched = [...new Set(taken.map(({ domain }) => domain))]
  const own = [
    ...new Set(touched.map((domain) => keyFiles(keysDirectory, domain).index)),
    ...(dryRun
      ? []
      : rings.flatMap(({ domain, leads = [] }) =>
          leads.some(({ led }) => led) ? [ledDomainsFile(keysDirectory, domain)] : [],
        )),
    ...taken.flatMap((step) => {
      const { domain, kind } = step
      const files = keyFiles(keysDirectory, domain)
      const key = rings.flatMap((ring) => ring.keys).find((one) => one.domain === domain && isAbout(step, one))
      if (kind === 'create' && key?.holder === 'age') return [files.sealedKey(keyId(step))]
      return kind === 'reveal' ? [files.revealedKey(keyId(step))] : []
    }),
  ]
  const sections = [
    renderSteps(taken, { colour, isDue: dryRun }),
    written.map((zone) => `${zoneTitle(zone, colour)}  ${doneOf(zone.applied)}\n`).join(''),
    manual.length === 0
      ? ''
      : `${paint('To do by hand', 'bold', colour)}\n${stepLines(manual, { colour, width: columns }).join('\n')}\n`,
    renderFailures(zoneFailures, { colour }, 'Failed; keys there stay as they are'),
    failures
      .map(
        ({ domain, ...failure }) =>
          `${[paint(inert(displayName(domain)), 'bold', colour), ...failureLines(failure, colour)].join('\n  ')}\n`,
      )
      .join(''),
    renderRings(rings, options),
    !dryRun && own.length > 0 ? `Commit ${own.map(inert).join(', ')}.\n` : '',
    `${rotationSummary(rotation, dryRun)}\n`,
  ]
  return sections.filter((text) => text !== '').join('\n')
}

/** What came of it, in a sentence. */
export function rotationSummary({ taken, zoneFailures, failures }: Rotation, dryRun: boolean): string {
  const failed = zoneFailures.length + failures.length
  const steps = `${count(taken.length, 'step')} ${dryRun ? (taken.length === 1 ? 'is due' : 'are due') : 'taken'}`
  return `${taken.length === 0 ? 'No step is due' : steps}${failed > 0 ? `; ${count(failed, 'failure')}` : ''}.`
}
