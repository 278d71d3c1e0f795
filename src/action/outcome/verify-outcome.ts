import { shardAlone } from '../../commands/options/shard-alone.js'
import { shardNarrowing } from '../../fleet/shards/own-zones.js'
import { observeHosts } from '../../hosts/addresses/observe-hosts.js'
import { closeAll, openSession } from '../../session.js'
import { internet } from '../../verify/ask/outside.js'
import { askProviders } from '../../verify/subjects/assigned-servers.js'
import { domainsOf } from '../../verify/subjects/domains-of.js'
import { verify } from '../../verify/verify.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'
import { verifiedOutcome } from './verified-outcome.js'

/** `command: verify`: asks DNS as receivers do; the step fails where a check does. */
export async function verifyOutcome(inputs: Inputs, run: Run, outside = internet): Promise<Outcome> {
  const { io, workspace } = run
  const { config, resolver, domains, shard, providers, smtp, blocklists } = inputs
  const { env, today, signal, watch } = io
  const onSecret = io.redaction.add
  const observe = observeHosts({ file: config, env, resolver, onSecret, within: workspace, watch, signal })
  const session = await openSession({
    file: config,
    env,
    online: providers,
    onSecret,
    watch,
    within: workspace,
    observe,
  })
  const attempted = providers ? await session.tryConnect() : undefined
  try {
    const resolvers = resolver === undefined ? [] : [resolver]
    const chosen = domainsOf(session.spec, config, domains)
    const part = shardAlone({ shard, named: domains }, io)
    const subjects = { session, chosen, shard: part, foreign: [], resolvers, smtp, blocklists }
    const asking = attempted && askProviders(session.spec, attempted, signal)
    const message = inputs.message ? { now: io.now() } : undefined
    const report = await verify({ ...subjects, askProviders: asking, message, today, signal }, outside)
    const saved = part && { spec: config, narrowed: [shardNarrowing(session, part)] }
    return await verifiedOutcome({ ...report, ...saved }, { ...session, isPart: part !== undefined }, run)
  } finally {
    if (attempted) await closeAll(attempted.providers)
  }
}
