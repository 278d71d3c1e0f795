import { cancelled } from '../../providers/refusal.js'
import { MailsyncError } from '../../records/error.js'
import { observedBefore, observeHosts } from '../addresses/observe-hosts.js'
import { applyPlan } from '../apply/apply-plan.js'
import type { AwaitForward } from '../apply/await-forward.js'
import { isUnsound, type Refusal, refusals } from '../apply/guards.js'
import type { ApplyResult, MadeKey } from '../apply/result.js'
import { reviewedPart, zonesToRead } from '../apply/reviewed-plan.js'
import { assertPlanFits, readSavedPlan } from '../apply/saved-plan.js'
import type { Connected } from '../connect/connect.js'
import { type ExitCode, exitCodeOf } from '../exit-code.js'
import { type Failure, failureOf } from '../failure.js'
import type { Io } from '../io.js'
import { hasChanges, type Plan, type ZoneFailure } from '../plan/plan.js'
import { readSelection, recordFilter } from '../plan/select.js'
import type { Problem } from '../problem.js'
import { progressLine } from '../progress.js'
import { inert } from '../render/inert.js'
import { renderApplyJson } from '../render/json/apply-json.js'
import { renderApplyText } from '../render/text/apply-text.js'
import { renderFailures } from '../render/text/failures-text.js'
import { renderPlanText } from '../render/text/plan-text.js'
import { print } from '../render/text/print.js'
import { renderRefusals } from '../render/text/refusals-text.js'
import { unbrokenLines } from '../render/text/steps-text.js'
import { count } from '../render/words.js'
import { closeAll, openSession, type Session } from '../session.js'
import { generateMissingKeys } from './generate-keys.js'
import { type ProofOptions, planFor, provenFor, type RunOptions } from './options.js'

export interface ApplyOptions extends RunOptions, ProofOptions {
  /** A saved plan to carry out as it is. */
  readonly plan?: string | undefined
  readonly yes: boolean
  readonly adopt: boolean
  readonly force: boolean
  readonly wait: boolean
  /** Seconds that a PTR waits for its name to lead to the address, where the provider wants that. */
  readonly forwardWait?: number | undefined
  /** Wait until every name server answers with what the spec wants. */
  readonly verify: boolean
  /** Seconds, for `verify`. */
  readonly verifyWait?: number | undefined
  readonly format: 'text' | 'json'
}

/** `mailsync apply`: plans, or takes a saved plan, and carries it out. */
export async function applyCommand(options: ApplyOptions, io: Io): Promise<ExitCode> {
  if (!options.yes && !io.confirm)
    throw new MailsyncError('usage', 'apply asks before it writes, and there is no terminal to ask on', {
      hint: 'run it with --yes',
    })
  const reviewed = options.plan === undefined ? undefined : await readSavedPlan(options.plan)
  const session = await openSession({
    file: options.config,
    env: io.env,
    online: true,
    onSecret: io.redaction.add,
    observe: reviewed
      ? observedBefore(reviewed)
      : observeHosts({
          file: options.config,
          env: io.env,
          onSecret: io.redaction.add,
          resolver: options.resolver,
          signal: io.signal,
        }),
  })
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
  const prove = (plan: Plan): Plan | Promise<Plan> =>
    options.prove ? provenFor(plan, session, providers, options, io) : plan
  const read = (await planFor(session, providers, options, io)).plan
  if (io.signal.aborted) return stopped(read, [], options, io)
  if (isUnsound(read)) return unsound(read, [], options, io)
  const first = await prove(read)
  if (first.keys.length === 0 || refusals(first, options).length > 0)
    return confirmAndWrite(first, [], providers, options, io)
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
  const { plan } = await planFor(
    { ...session, keys: complete.keys, compiled: complete.compiled },
    providers,
    options,
    io,
  )
  if (io.signal.aborted) return stopped(plan, keys, options, io)
  if (isUnsound(plan)) return unsound(plan, keys, options, io)
  return confirmAndWrite(await prove(plan), keys, providers, { ...options, yes: true }, io)
}

async function applySaved(
  file: string,
  reviewed: Plan,
  session: Session,
  providers: Providers,
  options: ApplyOptions,
  io: Io,
): Promise<ExitCode> {
  if (options.zone.length > 0 || options.domain.length > 0)
    throw new MailsyncError(
      'usage',
      'a saved plan is carried out as a whole, so --zone and --domain do not go with it',
      {
        hint: `limit the plan when it is made: mailsync plan --zone ZONE --out ${file}`,
      },
    )
  assertPlanFits(reviewed, file, session.spec)
  const zone = zonesToRead(reviewed, session.spec)
  const fresh = (await planFor(session, providers, { ...options, zone }, io)).plan
  const { plan, stale, unreviewed } = reviewedPart(reviewed, fresh)
  if (io.signal.aborted) return stopped(plan, [], options, io)
  if (fresh.failures.length > 0) {
    print(io.err, renderFailures(fresh.failures, io.err))
    return unwritten(plan, [], options, io, fresh.failures)
  }
  if (stale.length > 0) throw staleError(file, stale, session)
  if (isUnsound(plan)) return unsound(plan, [], options, io)
  print(io.err, renderFailures(unreviewed, io.err, 'Not in the plan, so nothing is written there'))
  const isProven = options.prove || reviewed.proof !== undefined
  const proven = isProven ? await provenFor(plan, session, providers, options, io) : plan
  return confirmAndWrite(proven, [], providers, options, io, unreviewed)
}

type Providers = ReadonlyMap<string, Connected>

async function confirmAndWrite(
  plan: Plan,
  keys: readonly MadeKey[],
  providers: Providers,
  options: ApplyOptions,
  io: Io,
  unreviewed: readonly ZoneFailure[] = [],
): Promise<ExitCode> {
  show(plan, options, io)
  const refused = refusals(plan, options)
  if (refused.length > 0) {
    print(io.err, renderRefusals(refused, io.err))
    return unwritten(plan, keys, options, io, [{ code: 'guard' }], refused)
  }
  if (!hasChanges(plan))
    return finish({ zones: [], keys, cancelled: false }, await verified(plan, { zones: [] }, options, io), options, io)
  const question = questionOf(plan)
  if (question !== undefined && !(await agreed(question, options, io))) return unwritten(plan, keys, options, io)
  const progress = progressLine(io.err, 'writing zones')
  const result = await applyPlan({
    plan,
    unreviewed,
    providers,
    ...(options.dns && { awaitForward: waiterFor(options, io) }),
    parallel: options.parallel,
    signal: io.signal,
    onProgress: progress.update,
  })
  progress.end()
  const unserved = options.wait ? await waitUntilServed(providers, io) : []
  const done = { ...plan, failures: [...plan.failures, ...unserved] }
  return finish({ ...result, keys }, await verified(done, result, options, io), options, io)
}

/** With `verify`: the plan with a failure for each zone whose name servers do not all answer with it. What was not written is not waited for. */
async function verified(
  plan: Plan,
  { zones }: Pick<ApplyResult, 'zones'>,
  options: ApplyOptions,
  io: Io,
): Promise<Plan> {
  const isWritten = zones.every(({ failure, pending }) => failure === undefined && pending.length === 0)
  if (!options.verify || !isWritten || plan.failures.length > 0 || io.signal.aborted) return plan
  const { awaitServed } = await import('../verify/await-served.js')
  const { config, resolver, verifyWait: limit } = options
  const { spec, compiled } = await openSession({
    file: config,
    env: io.env,
    online: false,
    observe: observedBefore(plan),
  })
  const selection = readSelection(spec, options.zone, options.domain)
  // Of a saved plan only what it was about: the rest of the spec may not be written yet.
  const chosen = options.plan === undefined ? selection.zones : plan.zones.map(({ zone }) => zone)
  const isChosen = (zone: string): boolean =>
    (options.plan === undefined && chosen.length === 0) || chosen.some((one) => one === zone)
  const filter = recordFilter(spec, selection)
  const failures = await awaitServed({
    spec,
    records: new Map(
      [...compiled.zones].filter(([zone]) => isChosen(zone)).map(([zone, list]) => [zone, list.filter(filter)]),
    ),
    resolver,
    limit,
    signal: io.signal,
    report: (message) => print(io.err, `${inert(message)}\n`),
  })
  print(io.err, renderFailures(failures, io.err, 'Written, but not answered everywhere'))
  return { ...plan, failures: [...plan.failures, ...failures] }
}

function waiterFor({ resolver, forwardWait: limit }: ApplyOptions, { signal, err }: Io): AwaitForward {
  const report = (message: string): void => print(err, `${inert(message)}\n`)
  return async (needs) => {
    const { forwardWaiter } = await import('../apply/await-forward.js')
    return forwardWaiter({ resolver, limit, signal, report })(needs)
  }
}

/** What is asked before anything is written; undefined where nothing is, as a person has all to do and it is remembered. */
function questionOf({ zones }: Plan): string | undefined {
  if (zones.some(({ byHand }) => !byHand)) return 'Apply these changes?'
  const remembers = zones.some(({ changes }) => changes.some(({ manifest }) => manifest))
  return remembers ? 'Remember these records as mailsync’s own?' : undefined
}

function show(plan: Plan, { format }: ApplyOptions, { out, err }: Io): void {
  const target = format === 'json' ? err : out
  print(target, renderPlanText(plan, { ...target, width: target.columns }), unbrokenLines(plan))
}

async function agreed(question: string, { yes }: ApplyOptions, { confirm }: Io): Promise<boolean> {
  return yes || (await confirm?.(question)) === true
}

function unsound(plan: Plan, keys: readonly MadeKey[], options: ApplyOptions, io: Io): ExitCode {
  show(plan, options, io)
  return unwritten(plan, keys, options, io, [{ code: 'spec' }])
}

function stopped(plan: Plan, keys: readonly MadeKey[], options: ApplyOptions, io: Io): ExitCode {
  print(io.err, 'The run was stopped.\n')
  return unwritten(plan, keys, options, io)
}

/** Ends without a write: because of `failures`, or because somebody said no. */
function unwritten(
  plan: Plan,
  keys: readonly MadeKey[],
  { format }: ApplyOptions,
  { out, err, signal }: Io,
  failures: readonly Pick<Failure, 'code'>[] = signal.aborted ? [cancelled()] : [],
  refused: readonly Refusal[] = [],
): ExitCode {
  const zones = plan.zones.map(({ zone, provider, changes }) => ({
    zone,
    provider,
    applied: [],
    uncertain: [],
    pending: changes,
  }))
  const isStopped = failures.every(({ code }) => code === 'cancelled')
  if (format === 'json') out.write(renderApplyJson({ zones, keys, cancelled: isStopped }, plan, refused))
  print(
    err,
    keys.length === 0
      ? 'Nothing was written.\n'
      : `Nothing was written to DNS; ${count(keys.length, 'DKIM key')} generated or found before ${keys.length === 1 ? 'stays' : 'stay'}.\n`,
  )
  return exitCodeOf(failures)
}

function finish(result: ApplyResult, plan: Plan, { format }: ApplyOptions, { out }: Io): ExitCode {
  if (format === 'json') out.write(renderApplyJson(result, plan, []))
  else print(out, renderApplyText(result, out))
  return exitCodeOf([...plan.failures, ...result.zones.flatMap(({ failure }) => failure ?? [])])
}

/** Waits for each provider; those that cannot say that they answer with what was written are failures. */
async function waitUntilServed(providers: Providers, { err, signal }: Io): Promise<ZoneFailure[]> {
  const failures: ZoneFailure[] = []
  for (const { name, provider } of providers.values())
    try {
      await provider.waitUntilServed?.(signal, (message) => print(err, `${inert(`${name}: ${message}`)}\n`))
    } catch (error) {
      failures.push({ zone: '*', provider: name, ...failureOf(error) })
    }
  print(err, renderFailures(failures, err, 'Written, but not known to be served'))
  return failures
}

function staleError(file: string, stale: readonly Problem[], { file: spec }: Session): MailsyncError {
  const lines = stale.map(({ zone, provider, message }) => `${zone} at ${provider}: ${message}`)
  return new MailsyncError('stale', `the plan in ${file} is stale; nothing was written\n  ${lines.join('\n  ')}`, {
    hint: `plan again: mailsync plan --config ${spec} --out ${file}`,
  })
}
