import { isAbout } from '../../../records/families/dkim/rotation/step.js'
import { displayName } from '../../../records/rr/name.js'
import type { Rotation } from '../../dkim/rotation/rotate.js'
import { STEPS, sightText, waitText } from '../../dkim/rotation/words.js'
import type { Problem } from '../../problem.js'
import { rotationSummary } from '../text/dkim/rotation-text.js'
import { fitting } from './fitting.js'
import { codeSpan, markdownSentence, tableRow } from './markdown.js'
import { problemList } from './problem-markdown.js'

/** The share of the limit for what was done, and for the keys as they are. */
const SHARE = 0.35

/** What a rotation did, and what the keys wait for, in at most `limit` characters. */
export function renderRotationMarkdown(rotation: Rotation, problems: readonly Problem[], limit: number): string {
  const { taken, rings } = rotation
  const steps = taken.map(
    ({ domain, selector, algorithm, kind }) =>
      `- ${codeSpan(`${selector}._domainkey.${displayName(domain)}`)} (${algorithm}): ${markdownSentence(STEPS[kind])}`,
  )
  const rows = rings.flatMap((ring) =>
    ring.keys
      .filter(({ state }) => state !== 'gone')
      .map((key) => {
        const next = ring.next.waits.filter((wait) => isAbout(wait, key))
        const waits = next.map((wait) => markdownSentence(waitText(wait, ring))).join('; ')
        const name = codeSpan(`${key.selector}._domainkey.${displayName(ring.domain)}`)
        return tableRow([name, key.algorithm, key.state, sightText(key, ring), waits])
      }),
  )
  const sizeOf = (line: string): number => line.length + 1
  const shown = fitting(rows, limit * SHARE, sizeOf)
  const head = [
    '### mailsync rotate',
    '',
    `**${markdownSentence(rotationSummary(rotation, false))}**`,
    '',
    ...fitting(steps, limit * SHARE, sizeOf),
    '',
    ...(shown.length === 0
      ? []
      : [tableRow(['key', 'algorithm', 'state', 'seen', 'next']), tableRow(Array(5).fill('---')), ...shown, '']),
  ].join('\n')
  return `${head}\n${problemList(problems, limit - head.length - 1)}`
}
