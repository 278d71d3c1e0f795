import { readShard } from '../../fleet/shards/shard.js'
import { observeHosts } from '../../hosts/addresses/observe-hosts.js'
import type { Problem } from '../../problem.js'
import { openSession } from '../../session.js'
import type { Check } from '../../verify/check.js'
import { internet } from '../../verify/outside.js'
import { summaryOf } from '../../verify/render/summary.js'
import { renderVerifyMarkdown } from '../../verify/render/verify-markdown.js'
import { renderVerifyText } from '../../verify/render/verify-text.js'
import { hasFailed } from '../../verify/report.js'
import { domainsOf } from '../../verify/subjects/domains-of.js'
import { verify } from '../../verify/verify.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

const SEVERITY = { fail: 'error', warn: 'warning', unknown: 'note', pass: 'note' } as const

/** `command: verify`: asks DNS as receivers do; the step fails where a check does. */
export async function verifyOutcome(
  { config, resolver, domains, shard, smtp, blocklists }: Inputs,
  { io, workspace }: Run,
  outside = internet,
): Promise<Outcome> {
  const { env, today, signal } = io
  const observe = observeHosts({ file: config, env, resolver, signal })
  const session = await openSession({ file: config, env, online: false, within: workspace, observe })
  const resolvers = resolver === undefined ? [] : [resolver]
  const chosen = domainsOf(session.spec, config, domains)
  const part = shard === undefined ? undefined : readShard(shard)
  const subjects = { session, chosen, shard: part, foreign: [], resolvers, smtp, blocklists }
  const report = await verify({ ...subjects, today, signal }, outside)
  io.out.write(renderVerifyText(report, { colour: io.out.colour, verbose: false }))
  const { checks } = report
  return {
    ...(hasFailed(checks, part !== undefined) && { failure: summaryOf(checks) }),
    problems: [...session.problems, ...checks.filter(({ verdict }) => verdict !== 'pass').map(problemOf)],
    markdown: (limit) => renderVerifyMarkdown(report, limit),
  }
}

function problemOf({ id, verdict, subject, seen, todo }: Check): Problem {
  const message = `${subject.name}: ${seen}`
  return { rule: id, severity: SEVERITY[verdict], message, ...(todo === undefined ? {} : { hint: todo }) }
}
