import { MailsyncError } from '../../../records/error.js'
import { applyPlan } from '../../apply/apply-plan.js'
import type { AwaitForward } from '../../apply/await-forward.js'
import { isUnsound, refusals } from '../../apply/guards.js'
import { type Journal, openJournal, withoutDone } from '../../apply/journal.js'
import type { MadeKey } from '../../apply/result.js'
import { zonesToRead } from '../../apply/reviewed-plan.js'
import { assertPlanFits, readSavedPlan } from '../../apply/saved-plan.js'
import type { ExitCode } from '../../exit-code.js'
import { foreseeWriting } from '../../fleet/budget/foresee.js'
import { observedBefore } from '../../hosts/addresses/observe-hosts.js'
import type { Io } from '../../io.js'
import { hasChanges, type Plan } from '../../plan/plan.js'
import { progressLine } from '../../progress.js'
import type { PlannedWith } from '../../prove/prove-plan.js'
import { inert } from '../../render/inert.js'
import { renderFailures } from '../../render/text/faults/failures-text.js'
import { renderRefusals } from '../../render/text/plan/refusals-text.js'
import { print } from '../../render/text/print.js'
import { count } from '../../render/words.js'
import { closeAll, openSession, type Session } from '../../session.js'
import { generateMissingKeys } from '../dkim/generate-keys.js'
import { observedOptions, onlineOptions } from '../options/open-options.js'
import { planFor, provenFor } from '../options/plan-options.js'
import type { ApplyOptions, Providers } from './apply-options.js'
import { assertSomebodyAgrees } from './assert-somebody-agrees.js'
import { finish, show, staleError, stopped, unsound, unwritten } from './endings.js'
import { verified, waitUntilServed } from './served.js'
import { freshShare, type Share, savedShare, shardOfRun, withShard } from './shares.js'

/** `mailsync apply`: plans, or takes a saved plan, and carries it out. */
export async function applyCommand(options: ApplyOptions, io: Io): Promise<ExitCode> {
  await assertSomebodyAgrees('apply', options, io)
  const reviewed = options.plan === undefined ? undefined : await readSavedPlan(options.plan)
  const session = await openSession(
    reviewed ? { ...onlineOptions(options, io), observe: observedBefore(reviewed) } : observedOptions(options, io),
  )
  const providers = await session.connect()
  try {
    return options.plan === undefined || reviewed === undefined
      ? await applyFresh(session, providers, options, io)
      : await applySaved(options.plan, reviewed, session, providers, options, io)
  } finally {
    await closeAll(providers)
  }
}

async function applyFresh(session: Session, providers: Providers, options: ApplyOptions, io: Io): Promise<ExitCode> {
  const prove = (made: PlannedWith): Plan | Promise<Plan> =>
    options.prove ? provenFor(made, session, providers, options, io) : made.plan
  const planning = { ...options, ...withShard(shardOfRun(options)) }
  const found = await planFor(session, providers, planning, io)
  const { plan: read, ...share } = await freshShare(found, options)
  if (io.signal.aborted) return stopped(read, [], options, io)
  if (isUnsound(read)) return unsound(read, [], options, io)
  const first = await prove({ ...found, plan: read })
  if (first.keys.length === 0 || refusals(first, options).length > 0)
    return confirmAndWrite({ ...share, plan: first }, [], providers, options, io)
  if (!options.yes) {
    show(first, options, io)
    if (!(await agreed(`Generate ${count(first.keys.length, 'DKIM key')} and apply?`, options, io)))
      return unwritten(first, [], options, io)
  }
  const keys = await generateMissingKeys(session, first.keys, io)
  const complete = await openSession({
    file: options.config,
    env: io.env,
    online: false,
    observe: observedBefore(first),
  })
  const again = { ...session, keys: complete.keys, compiled: complete.compiled }
  const second = await planFor(again, providers, planning, io)
  const { plan, ...rest } = await freshShare(second, options)
  if (io.signal.aborted) return stopped(plan, keys, options, io)
  if (isUnsound(plan)) return unsound(plan, keys, options, io)
  const proven = await prove({ ...second, plan })
  return confirmAndWrite({ ...rest, plan: proven }, keys, providers, { ...options, yes: true }, io)
}

async function applySaved(
  file: string,
  reviewed: Plan,
  session: Session,
  providers: Providers,
  options: ApplyOptions,
  io: Io,
): Promise<ExitCode> {
  if (options.zone.length > 0 || options.domain.length > 0 || options.since !== undefined)
    throw new MailsyncError(
      'usage',
      'a saved plan is carried out as a whole, so --zone, --domain and --since do not go with it',
      {
        hint: `limit the plan when it is made: mailsync plan --zone ZONE --out ${file}`,
      },
    )
  assertPlanFits(reviewed, file, session.spec)
  const shard = shardOfRun(options, reviewed)
  // By phases a zone is done in parts, and each finds by reading what the ones before have done.
  const journal = shard ? undefined : openJournal(file, (message) => print(io.err, `${message}\n`))
  const left = journal ? withoutDone(reviewed, journal) : reviewed
  const done = reviewed.zones.length - left.zones.length
  if (done > 0)
    print(io.err, `Going on where an earlier run stopped: ${count(done, 'zone')} of ${reviewed.zones.length} done.\n`)
  const open = new Set(left.zones.map(({ zone }) => zone))
  const finished = new Set(reviewed.zones.map(({ zone }) => zone).filter((zone) => !open.has(zone)))
  const zone = zonesToRead(left, session.spec, (name) => finished.has(name))
  // What was reviewed is compared with what the provider holds, wherever it was looked at before.
  const asked = { ...options, zone, observe: 'api', serials: undefined } as const
  const planning = { ...asked, ...withShard(shard) }
  const nothing = { ...session, plan: { ...left, failures: [] }, declared: session.compiled, wildcards: [] }
  const made = left.zones.length === 0 ? nothing : await planFor(session, providers, planning, io)
  const { plan, stale, ...share } = await savedShare(left, made, options, journal?.isBegun)
  const { failures } = made.plan
  if (io.signal.aborted) return stopped(plan, [], options, io)
  if (failures.length > 0) {
    print(io.err, renderFailures(failures, io.err))
    return unwritten(plan, [], options, io, failures)
  }
  if (stale.length > 0) throw staleError(file, stale, session)
  if (isUnsound(plan)) return unsound(plan, [], options, io)
  print(io.err, renderFailures(share.unreviewed, io.err, 'Not in the plan, so nothing is written there'))
  const isProven = options.prove || reviewed.proof !== undefined
  const proven = isProven ? await provenFor({ ...made, plan }, session, providers, options, io) : plan
  return confirmAndWrite({ ...share, plan: proven }, [], providers, options, io, journal)
}

async function confirmAndWrite(
  { plan, unreviewed, part }: Share,
  keys: readonly MadeKey[],
  providers: Providers,
  options: ApplyOptions,
  io: Io,
  journal?: Journal,
): Promise<ExitCode> {
  show(plan, options, io)
  const refused = refusals(plan, options)
  if (refused.length > 0) {
    print(io.err, renderRefusals(refused, io.err))
    return unwritten(plan, keys, options, io, [{ code: 'guard' }], refused)
  }
  if (!hasChanges(plan)) journal?.close([])
  if (!hasChanges(plan))
    return finish({ zones: [], keys, cancelled: false }, await verified(plan, { zones: [] }, options, io), options, io)
  foreseeWriting(plan, providers, io.watch)
  const question = questionOf(plan)
  if (question !== undefined && !(await agreed(question, options, io))) return unwritten(plan, keys, options, io)
  const progress = progressLine(io, 'writing zones')
  const result = await applyPlan({
    plan,
    unreviewed,
    journal,
    ...(part && { part }),
    providers,
    ...(options.dns && { awaitForward: waiterFor(options, io) }),
    parallel: options.parallel,
    signal: io.signal,
    onProgress: progress.update,
    watch: io.watch,
  })
  progress.end()
  journal?.close(result.zones)
  const unserved = options.wait ? await waitUntilServed(providers, io) : []
  const done = { ...plan, failures: [...plan.failures, ...unserved] }
  return finish({ ...result, keys }, await verified(done, result, options, io), options, io)
}

function waiterFor({ resolver, forwardWait: limit }: ApplyOptions, { signal, err }: Io): AwaitForward {
  const report = (message: string): void => print(err, `${inert(message)}\n`)
  return async (needs) => {
    const { forwardWaiter } = await import('../../apply/await-forward.js')
    return forwardWaiter({ resolver, limit, signal, report })(needs)
  }
}

/** What is asked before anything is written; undefined where nothing is, as a person has all to do and it is remembered. */
function questionOf({ zones }: Plan): string | undefined {
  if (zones.some(({ byHand }) => !byHand)) return 'Apply these changes?'
  const remembers = zones.some(({ changes }) => changes.some(({ manifest }) => manifest))
  return remembers ? 'Remember these records as mailsync’s own?' : undefined
}

async function agreed(question: string, { yes }: ApplyOptions, { confirm }: Io): Promise<boolean> {
  return yes || (await confirm?.(question)) === true
}
