import { zonesToRead } from '../../apply/reviewed-plan.js'
import { assertPlanFits } from '../../apply/saved-plan.js'
import { planFor, provenFor, type RunOptions, verifiedFor } from '../../commands/options/plan-options.js'
import type { Connected } from '../../connect/connect.js'
import { observedBefore, observeHosts } from '../../hosts/addresses/observe-hosts.js'
import type { Made } from '../../plan/make-plan.js'
import type { Plan } from '../../plan/plan.js'
import { closeAll, openSession, type Session } from '../../session.js'
import type { Inputs } from '../inputs.js'
import { assertOwnFile } from '../own-file.js'
import { PARALLEL, type Run } from '../run.js'
import { sinceOf } from '../since-push.js'

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
  inputs: Inputs & { readonly withLed?: boolean },
  run: Run,
  use: (planned: Planned) => Promise<Result>,
  reviewed?: Plan,
): Promise<Result> {
  const { config, zones, shard, withLed = false, prove, verify, resolver } = inputs
  const { io, workspace } = run
  const onSecret = io.redaction.add
  const observe = reviewed
    ? observedBefore(reviewed)
    : observeHosts({ file: config, env: io.env, onSecret, within: workspace, watch: io.watch, signal: io.signal })
  const session = await openSession({
    file: config,
    env: io.env,
    online: true,
    onSecret,
    watch: io.watch,
    within: workspace,
    observe,
  })
  const isInParts = reviewed?.narrowed !== undefined || shard !== undefined
  if (reviewed && isInParts) assertPlanFits(reviewed, inputs.planFile ?? '', session.spec)
  const providers = await session.connect()
  try {
    const made = await planFor(
      session,
      providers,
      {
        config,
        zone: reviewed && isInParts ? zonesToRead(reviewed, session.spec) : zones,
        domain: [],
        shard,
        withLed,
        since: await sinceOf(inputs, run),
        parallel: PARALLEL,
        dns: true,
        ...lookedAt(inputs, run, reviewed),
      },
      io,
    )
    const how = { domain: [], shard, resolver, identity: undefined }
    const isProven = prove || reviewed?.proof !== undefined
    const proven = isProven ? await provenFor(made, session, providers, how, io) : made.plan
    const plan = verify ? await verifiedFor(proven, session, how, io) : proven
    return await use({ ...made, plan, session, providers })
  } finally {
    await closeAll(providers)
  }
}

/**
 * How zones are looked at. A reviewed plan is compared with what providers hold. What a pull request brings as serials is somebody's
 * word that nothing has changed: it is not read.
 */
function lookedAt(
  { observe, serials, resolver }: Inputs,
  { event, workspace }: Run,
  reviewed: Plan | undefined,
): Pick<RunOptions, 'observe' | 'serials' | 'resolver'> {
  if (observe === 'api' || reviewed) return {}
  if (serials === undefined || event.pullRequest) return { observe, resolver }
  assertOwnFile(serials, workspace)
  return { observe, resolver, serials }
}
