import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { displayName } from '../../../records/rr/name.js'
import { shardAlone } from '../../commands/options/shard-alone.js'
import { type Rotation, rotate } from '../../dkim/rotation/rotate.js'
import type { Problem } from '../../problem.js'
import { renderRotationMarkdown } from '../../render/markdown/rotation-markdown.js'
import { renderRotation, rotationSummary } from '../../render/text/dkim/rotation-text.js'
import { closeAll, openSession } from '../../session.js'
import type { Inputs } from '../inputs.js'
import { PARALLEL, type Run } from '../run.js'
import type { Outcome } from './outcome.js'
import { failureProblem, plainProblem } from './plan-problems.js'

const UNABLE = 'a runner is thrown away, and a private key that only it has would be lost: the new key is not made'

/**
 * `command: rotate`: makes DNS as the committed keyring says, and then takes the steps that are due in its files alone: a later step of
 * the job commits them, and the next run publishes them. So DNS never shows what the repository could still lose.
 */
export async function rotateOutcome({ config, resolver, shard }: Inputs, { io, workspace }: Run): Promise<Outcome> {
  const open = (online: boolean) =>
    openSession({ file: config, env: io.env, online, onSecret: io.redaction.add, watch: io.watch, within: workspace })
  const part = shardAlone({ shard, named: [] }, io)
  const session = await open(true)
  const providers = await session.connect()
  const dns = publicDns({ resolver })
  try {
    const rotation = await rotate({
      session,
      reopen: () => open(false),
      providers,
      dns,
      io,
      parallel: PARALLEL,
      shard: part,
      identities: [],
      compromised: [],
      dryRun: false,
      rounds: 1,
      unable: ({ dkim }) => (dkim.recipients.length > 0 ? undefined : UNABLE),
    })
    const view = { keysDirectory: session.keysDirectory, now: io.now(), dryRun: false, columns: io.out.columns }
    io.out.write(renderRotation(rotation, { ...view, colour: io.out.colour }))
    const problems = [...session.problems, ...problemsOf(rotation)]
    const summary = rotationSummary(rotation, false)
    return {
      ...(rotation.zoneFailures.length + rotation.failures.length > 0 && { failure: summary }),
      problems,
      counts: countsOf(rotation),
      markdown: (limit) => renderRotationMarkdown(rotation, problems, limit),
    }
  } finally {
    dns.close()
    await closeAll(providers)
  }
}

function countsOf({ zones }: Rotation): NonNullable<Outcome['counts']> {
  const changes = zones.flatMap(({ applied }) => applied).filter(({ manifest }) => !manifest)
  const of = (kind: (typeof changes)[number]['kind']): number => changes.filter((change) => change.kind === kind).length
  return { create: of('create'), update: of('update'), delete: of('delete') }
}

function problemsOf({ zoneFailures, failures }: Rotation): Problem[] {
  return [
    ...zoneFailures.map(failureProblem),
    ...failures.map(({ domain, ...failure }) =>
      plainProblem({ ...failure, message: `${displayName(domain)}: ${failure.message}` }),
    ),
  ]
}
