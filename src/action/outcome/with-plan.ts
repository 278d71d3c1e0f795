import { observedBefore, observeHosts } from '../../addresses/observe-hosts.js'
import { planFor, provenFor, verifiedFor } from '../../commands/options.js'
import type { Connected } from '../../connect/connect.js'
import type { Made } from '../../plan/make-plan.js'
import type { Plan } from '../../plan/plan.js'
import { closeAll, openSession, type Session } from '../../session.js'
import type { Inputs } from '../inputs.js'
import { PARALLEL, type Run } from '../run.js'

/** What DNS lacks of the spec now, and what that was found with. */
interface Planned extends Made {
  readonly session: Session
  readonly providers: ReadonlyMap<string, Connected>
}

/**
 * Plans with the spec of the checkout, outside of which nothing is read, and closes the adapters when `use` is done.
 *
 * @param reviewed the plan whose observed addresses count; without it they are observed now
 */
export async function withPlan<Result>(
  { config, zones, shard, withLed = false, prove, verify, resolver }: Inputs & { readonly withLed?: boolean },
  { io, workspace }: Run,
  use: (planned: Planned) => Promise<Result>,
  reviewed?: Plan,
): Promise<Result> {
  const onSecret = io.redaction.add
  const observe = reviewed
    ? observedBefore(reviewed)
    : observeHosts({ file: config, env: io.env, onSecret, within: workspace, signal: io.signal })
  const session = await openSession({ file: config, env: io.env, online: true, onSecret, within: workspace, observe })
  const providers = await session.connect()
  try {
    const made = await planFor(
      session,
      providers,
      { config, zone: zones, domain: [], shard, withLed, parallel: PARALLEL, dns: true },
      io,
    )
    const how = { domain: [], resolver, identity: undefined }
    const isProven = prove || reviewed?.proof !== undefined
    const proven = isProven ? await provenFor(made, session, providers, how, io) : made.plan
    const plan = verify ? await verifiedFor(proven, session, how, io) : proven
    return await use({ ...made, plan, session, providers })
  } finally {
    await closeAll(providers)
  }
}
