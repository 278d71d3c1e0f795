import { readFile } from 'node:fs/promises'
import { MailsyncError } from '../../records/error.js'
import type { Plan } from '../plan/plan.js'
import { parsePlan } from '../plan/plan-schema.js'
import { isUnsound } from './guards.js'

/**
 * Reads a plan that was saved to be carried out as it is. Throws `io` when it cannot be read, `usage` when it is no plan,
 * `guard` when it has errors or waits for DKIM keys.
 */
export async function readSavedPlan(file: string): Promise<Plan> {
  const plan = parse(file, await readText(file))
  if (plan.keys.length > 0)
    throw new MailsyncError(
      'guard',
      `the plan in ${file} waits for ${plan.keys.length} DKIM keys, so it does not say all that would change`,
      { hint: 'run `mailsync dkim generate`, commit the keys folder, and plan again' },
    )
  if (isUnsound(plan))
    throw new MailsyncError('guard', `the plan in ${file} has errors`, { hint: 'mend them and plan again' })
  return plan
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new MailsyncError('io', `${file} cannot be read: ${(cause as Error).message}`, { where: { file }, cause })
  }
}

function parse(file: string, text: string): Plan {
  try {
    return parsePlan(JSON.parse(text))
  } catch (cause) {
    throw new MailsyncError('usage', `${file} is no plan of this version of mailsync`, {
      where: { file },
      hint: 'make it with `mailsync plan --out FILE`',
      cause,
    })
  }
}
