import { MailsyncError } from '../../../records/error.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { closeAll } from '../../session.js'
import { observedOptions } from '../options/open-options.js'
import { isAboutAll, openPlanned } from '../options/open-planned.js'
import {
  budgetedFor,
  type ProofOptions,
  planFor,
  provenFor,
  type RunOptions,
  verifiedFor,
} from '../options/plan-options.js'
import { type TellOptions, type ToldPlan, tellPlan } from './tell-plan.js'

export interface PlanOptions extends RunOptions, ProofOptions, TellOptions {
  /** Show what receivers see now. */
  readonly verify: boolean
  /** Ask DNS for the SPF of others, and whether zones with TLSA are signed. */
  readonly online: boolean
}

/** `mailsync plan`: reads, compares, shows. Writes nothing but the file that `--out` names. */
export async function planCommand(options: PlanOptions, io: Io): Promise<ExitCode> {
  const { shard, out, zone, domain } = options
  if (shard !== undefined && out !== undefined && zone.length + domain.length > 0)
    throw new MailsyncError(
      'usage',
      'the plan of a shard that is to be merged has all its zones: --zone and --domain do not go with it',
      {
        hint: 'leave out --zone and --domain, or --shard',
      },
    )
  return tellPlan(await planned(options, io), options, io)
}

/** Of what led to the plan only what is told is kept: a run may have very many zones. */
async function planned(options: PlanOptions, io: Io): Promise<ToldPlan> {
  const isWhole = isAboutAll(options) || options.online || options.verbose || options.verify
  const opened = await openPlanned(options.since, { ...observedOptions(options, io), isWhole }, io)
  const { session } = opened
  const providers = await session.connect()
  try {
    const found = await planFor(opened, providers, options, io)
    const { compiled } = found
    const costed = options.online || options.verbose ? await budgetedFor(found, session, options, io) : found.plan
    const proven = options.prove ? await provenFor({ ...found, plan: costed }, session, providers, options, io) : costed
    const plan = options.verify ? await verifiedFor(proven, session, options, io) : proven
    if (io.signal.aborted && plan.failures.length > 0)
      throw new MailsyncError('cancelled', 'the run was stopped before every zone was read; nothing was changed')
    return options.format === 'html' ? { format: 'html', plan, compiled, session } : { format: options.format, plan }
  } finally {
    await closeAll(providers)
  }
}
