import type { Compiled } from '../../../records/compile.js'
import { MailsyncError } from '../../../records/error.js'
import type { ExitCode } from '../../exit-code.js'
import type { Changed } from '../../fleet/since/narrow/open-changed.js'
import type { Io } from '../../io.js'
import type { Plan } from '../../plan/plan.js'
import { readSelection } from '../../plan/select.js'
import { closeAll, openSession, type Session } from '../../session.js'
import { observedOptions } from '../options/open-options.js'
import { type ProofOptions, planFor, provenFor, type RunOptions, verifiedFor } from '../options/plan-options.js'
import { type TellOptions, tellPlan } from './tell-plan.js'

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
  const { session, since } = (await openNarrowly(options, io)) ?? {
    session: await openSession(observedOptions(options, io)),
    since: options.since,
  }
  const providers = await session.connect()
  try {
    const found = await planFor(session, providers, { ...options, since }, io)
    const { compiled } = found
    const costed = options.online || options.verbose ? await budgeted(found, session, options, io) : found.plan
    const proven = options.prove ? await provenFor({ ...found, plan: costed }, session, providers, options, io) : costed
    const plan = options.verify ? await verifiedFor(proven, session, options, io) : proven
    if (io.signal.aborted && plan.failures.length > 0)
      throw new MailsyncError('cancelled', 'the run was stopped before every zone was read; nothing was changed')
    return await tellPlan({ plan, compiled, session }, options, io)
  } finally {
    await closeAll(providers)
  }
}

/** Opens only what differs from a revision, where no more than that is asked for. */
async function openNarrowly(options: PlanOptions, io: Io): Promise<Changed | undefined> {
  const { since, zone, domain, shard, format, observe, online, verbose, prove, verify } = options
  const isOfAll = online || verbose || prove || verify || format === 'html' || observe === 'dns'
  if (typeof since !== 'string' || isOfAll || shard !== undefined || zone.length + domain.length > 0) return undefined
  const { openChanged } = await import('../../fleet/since/narrow/open-changed.js')
  return openChanged(since, observedOptions(options, io), io)
}

/** The plan with what the SPF of each domain costs receivers; with `--online`, the SPF of others and the DS of zones are asked for. */
async function budgeted(
  { plan, compiled }: { readonly plan: Plan; readonly compiled: Compiled },
  { spec, locate }: Session,
  { online, resolver: named, domain }: PlanOptions,
  io: Io,
): Promise<Plan> {
  const { spfBudgets, withBudgets } = await import('../../spf/budgets.js')
  const { domains } = readSelection(spec, [], domain)
  if (!online) {
    const { notAsked } = await import('../../spf/spec-dns.js')
    return withBudgets(plan, await spfBudgets(compiled, domains, notAsked), compiled, locate)
  }
  const { publicDns } = await import('../../../providers/dns/client/public-dns.js')
  const { resolvedDns } = await import('../../spf/resolved-dns.js')
  const { withSignedZones } = await import('../../observe/dnssec/with-signed-zones.js')
  const { resolver, close } = publicDns({ resolver: named })
  try {
    const budgets = await spfBudgets(compiled, domains, resolvedDns(resolver, io.signal))
    const signed = await withSignedZones(plan, compiled, resolver, { locate, signal: io.signal })
    return withBudgets(signed, budgets, compiled, locate)
  } finally {
    close()
  }
}
