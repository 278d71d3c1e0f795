import * as z from 'zod'
import { dayAt, startOf } from '../../../records/families/dmarc/ramp/day.js'
import type { Evidence } from '../../../records/families/dmarc/ramp/next-step.js'
import type { RampState } from '../../../records/families/dmarc/ramp/ramp-policy.js'
import { once } from '../../../records/once.js'
import { compareNames, type Name, parseName, withoutDot } from '../../../records/rr/name.js'
import { dayOf, instantText } from '../../instant.js'

/** Beside the spec, and to be committed with it. */
export const RAMP_FILE = 'dmarc-ramp.json'

/** Where a domain is, and on what evidence it came there; absent where it went back. */
export interface RampEntry extends RampState {
  readonly evidence?: Evidence
}

/** What makes a malformed file right again. */
export const RAMP_HINT =
  'restore it from git; after a merge conflict keep the later `since` of each domain. `mailsync dmarc ramp` alone writes it, also to go back: --back DOMAIN'

const rampSchema = once(() => {
  const day = z.iso.date().transform((text) => dayAt(Date.parse(`${text}T00:00:00Z`) / 1000))
  const count = z.int().min(0)

  const entry = z
    .strictObject({
      stage: z.enum(['none', 'quarantine', 'reject']),
      since: z.iso.datetime({ precision: 0 }).transform((text) => Date.parse(text) / 1000),
      evidence: z
        .strictObject({ first: day, last: day, days: z.int().min(1), messages: count, failing: count })
        .optional(),
    })
    .superRefine(({ stage, since, evidence }, context) => {
      const fault = (message: string): void => context.addIssue({ code: 'custom', path: ['evidence'], message })
      if (stage === 'none' && evidence) fault('is there, and none is where one begins')
      if (stage === 'reject' && !evidence) fault('is missing')
      if (!evidence) return
      const { first, last, days, messages, failing } = evidence
      if (last < first || days > last - first + 1) fault('has more days than there are between first and last')
      if (last >= dayAt(since)) fault('is of days after the step')
      if (failing > messages) fault('has more messages that fail than messages')
    })

  return z.strictObject({
    format: z.literal('mailsync-dmarc-ramp'),
    version: z.literal(1),
    domains: z.record(z.string(), entry),
  })
})

/** What the file says; a text that says what is wrong with it. */
export function readRamp(text: string): ReadonlyMap<Name, RampEntry> | string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`
  }
  const parsed = rampSchema().safeParse(data)
  if (!parsed.success)
    return parsed.error.issues
      .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '))
      .join('; ')
  const found = new Map<Name, RampEntry>()
  for (const [written, { evidence, ...state }] of Object.entries(parsed.data.domains)) {
    const name = parseName(written)
    if (typeof name !== 'string') return name.error
    if (found.has(name)) return `${written} is there twice`
    found.set(name, { ...state, ...(evidence && { evidence }) })
  }
  return found
}

/** The text of the file: domains in order, so that a change shows in a comparison of lines. */
export function rampText(entries: ReadonlyMap<Name, RampEntry>): string {
  const sorted = [...entries].sort(([a], [b]) => compareNames(a, b))
  const document = {
    format: 'mailsync-dmarc-ramp',
    version: 1,
    domains: Object.fromEntries(
      sorted.map(([name, { stage, since, evidence }]) => [
        withoutDot(name),
        { stage, since: instantText(since), ...(evidence && { evidence: evidenceData(evidence) }) },
      ]),
    ),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** As JSON has it, with days as `2026-11-27`. */
export function evidenceData({ first, last, days, messages, failing }: Evidence): object {
  return { first: dayOf(startOf(first)), last: dayOf(startOf(last)), days, messages, failing }
}
