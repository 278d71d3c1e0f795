import { readShard } from '../../fleet/shards/shard.js'
import { observeHosts } from '../../hosts/addresses/observe-hosts.js'
import type { Problem } from '../../problem.js'
import { closeAll, openSession, type Session } from '../../session.js'
import { internet } from '../../verify/ask/outside.js'
import type { Check } from '../../verify/check.js'
import { summaryOf } from '../../verify/render/summary.js'
import { renderVerifyMarkdown } from '../../verify/render/verify-markdown.js'
import { renderVerifyText } from '../../verify/render/verify-text.js'
import { hasFailed, type VerifyReport } from '../../verify/report.js'
import { askProviders } from '../../verify/subjects/assigned-servers.js'
import { domainsOf } from '../../verify/subjects/domains-of.js'
import { verify } from '../../verify/verify.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

const SEVERITY = { fail: 'error', warn: 'warning', unknown: 'note', pass: 'note' } as const

/** `command: verify`: asks DNS as receivers do; the step fails where a check does. */
export async function verifyOutcome(inputs: Inputs, { io, workspace }: Run, outside = internet): Promise<Outcome> {
  const { config, resolver, resolvers, domains, shard, providers, smtp, blocklists } = inputs
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
    const chosen = domainsOf(session.spec, config, domains)
    const part = shard === undefined ? undefined : readShard(shard)
    const subjects = { session, chosen, shard: part, foreign: [], resolvers, smtp, blocklists }
    const asking = attempted && askProviders(session.spec, attempted, signal)
    const message = inputs.message ? { now: io.now() } : undefined
    const report = await verify({ ...subjects, askProviders: asking, message, today, signal }, outside)
    return outcomeOf(report, session, { io, isPart: part !== undefined })
  } finally {
    if (attempted) await closeAll(attempted.providers)
  }
}

function outcomeOf(
  report: VerifyReport,
  { problems }: Session,
  { io: { out }, isPart }: Pick<Run, 'io'> & { readonly isPart: boolean },
): Outcome {
  out.write(renderVerifyText(report, { colour: out.colour, verbose: false }))
  const { checks } = report
  return {
    ...(hasFailed(checks, isPart) && { failure: summaryOf(checks) }),
    problems: [...problems, ...checks.filter(({ verdict }) => verdict !== 'pass').map(problemOf)],
    markdown: (limit) => renderVerifyMarkdown(report, limit),
  }
}

function problemOf({ id, verdict, subject, seen, todo }: Check): Problem {
  const message = `${subject.name}: ${seen}`
  return { rule: id, severity: SEVERITY[verdict], message, ...(todo === undefined ? {} : { hint: todo }) }
}
