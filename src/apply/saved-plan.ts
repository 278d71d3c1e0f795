import { ZodError } from 'zod'
import { fileError } from '../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../providers/files/read-file.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { ARPA } from '../../records/rr/reverse.js'
import type { MailSpec } from '../../records/spec.js'
import { planFaults } from '../plan/faults/plan-faults.js'
import type { Plan } from '../plan/plan.js'
import { PLAN_VERSION, parsePlan } from '../plan/plan-schema.js'
import { isUnsound } from './guards.js'

/**
 * Reads a plan that was saved to be carried out as it is. Throws `io` when it cannot be read, `usage` when it is no plan
 * of ours or was edited,
 * `guard` when it has errors or waits for DKIM keys.
 */
export async function readSavedPlan(file: string): Promise<Plan> {
  const plan = readPlanFile(file)
  if (plan.keys.length > 0)
    throw new MailsyncError(
      'guard',
      `the plan in ${file} waits for ${plan.keys.length === 1 ? 'a DKIM key' : `${plan.keys.length} DKIM keys`}, so it does not say all that would change`,
      { hint: 'run `mailsync dkim generate`, commit the keys folder, and plan again' },
    )
  if (isUnsound(plan))
    throw new MailsyncError('guard', `the plan in ${file} has errors`, { hint: 'correct them and plan again' })
  return plan
}

/** Reads a saved plan, whatever it says. Throws `io` and `usage` as {@link readSavedPlan} does. */
export function readPlanFile(file: string): Plan {
  return parse(file, readText(file))
}

/** Throws `usage` for a plan of another spec: with another owner, or about a zone that the spec does not keep there. */
export function assertPlanFits(plan: Plan, file: string, { owner, zones, otherZones, addressOwners }: MailSpec): void {
  const refuse = (what: string): MailsyncError =>
    new MailsyncError('usage', `the plan in ${file} is not of this spec: ${what}`, {
      where: { file },
      hint: 'name its spec with --config, or plan again',
    })
  if (plan.owner !== owner) throw refuse(`its owner is ${ownerName(plan.owner)}, and the spec's is ${ownerName(owner)}`)
  for (const { zone, provider } of plan.zones) {
    const kept = zones.get(zone as Name) ?? otherZones
    const isKept = zone === ARPA ? addressOwners?.has(provider) : kept?.targets.includes(provider)
    if (!isKept) throw refuse(`the spec does not keep ${zone} at ${provider}`)
  }
}

function ownerName(owner: Plan['owner']): string {
  return owner === false ? 'none' : JSON.stringify(owner)
}

function readText(file: string): string {
  try {
    return readRegularFile(file, FILE_LIMITS.plan).toString()
  } catch (error) {
    throw fileError(error, file)
  }
}

function parse(file: string, text: string): Plan {
  const refuse = (what: string, hint: string, cause?: unknown): MailsyncError =>
    new MailsyncError('usage', `${file} is no plan that mailsync could carry out: ${what}`, {
      where: { file },
      hint,
      cause,
    })
  let document: unknown
  try {
    document = JSON.parse(text)
    const plan = parsePlan(document)
    const [fault, ...more] = planFaults(plan)
    if (fault === undefined) return plan
    const rest = more.length > 0 ? ` (and ${more.length} more)` : ''
    throw refuse(`${fault}${rest}`, 'a saved plan cannot be edited: change the spec, and plan again')
  } catch (cause) {
    if (cause instanceof MailsyncError) throw cause
    throw refuse(wordsOf(cause, document), 'make it with `mailsync plan --out FILE`', cause)
  }
}

function wordsOf(cause: unknown, document: unknown): string {
  // What JSON.parse says quotes the text, which may be any file.
  if (!(cause instanceof ZodError)) return 'it is not JSON'
  const { format, version } = Object(document) as { format?: unknown; version?: unknown }
  if (typeof format === 'string' && /^mailsync-(?!plan$)[a-z-]{1,40}$/.test(format))
    return `it is what another command printed, ${format}`
  if (format === 'mailsync-plan' && typeof version === 'number' && version !== PLAN_VERSION)
    return `it was made by another version of mailsync, whose plans have version ${version}, and here they have ${PLAN_VERSION}`
  const [issue] = cause.issues
  return `${issue?.path.join('.') || 'the document'}: ${issue?.message}`
}
