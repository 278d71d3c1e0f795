import { MailsyncError } from '../../records/error.js'
import { applyPlan } from '../apply/apply-plan.js'
import { checkFreshness, type Freshness } from '../apply/freshness.js'
import { isUnsound, refusals } from '../apply/guards.js'
import type { ApplyResult, MadeKey } from '../apply/result.js'
import { assertPlanFits, readSavedPlan } from '../apply/saved-plan.js'
import type { Connected } from '../connect/connect.js'
import type { ExitCode, Io } from '../io.js'
import { hasChanges, type Plan } from '../plan/plan.js'
import { progressLine } from '../progress.js'
import { inert } from '../render/inert.js'
import { renderApplyText } from '../render/text/apply-text.js'
import { renderFailures } from '../render/text/failures-text.js'
import { renderPlanText } from '../render/text/plan-text.js'
import { renderRefusals } from '../render/text/refusals-text.js'
import { count } from '../render/words.js'
import { closeAll, openSession, type Session } from '../session.js'
import { generateMissingKeys } from './generate-keys.js'
import { planFor, type RunOptions } from './options.js'

export interface ApplyOptions extends RunOptions {
  /** A saved plan to carry out as it is. */
  readonly plan?: string | undefined
  readonly yes: boolean
  readonly adopt: boolean
  readonly force: boolean
  readonly wait: boolean
  readonly format: 'text' | 'json'
}

/** `mailsync apply`: plans, or takes a saved plan, and carries it out. */
export async function applyCommand(options: ApplyOptions, io: Io): Promise<ExitCode> {
  if (!options.yes && !io.confirm)
    throw new MailsyncError('usage', 'apply asks before it writes, and nobody is here to answer', {
      hint: 'run it with --yes',
    })
  const session = await openSession({ file: options.config, env: io.env, online: true })
  const providers = await session.connect()
  try {
    return options.plan === undefined
      ? await applyFresh(session, providers, options, io)
      : await applySaved(options.plan, session, providers, options, io)
  } finally {
    await closeAll(providers)
  }
}

async function applyFresh(session: Session, providers: Providers, options: ApplyOptions, io: Io): Promise<ExitCode> {
  const first = (await planFor(session, providers, options, io)).plan
  if (isUnsound(first)) {
    show(first, options, io)
    return 1
  }
  if (first.keys.length === 0 || refusals(first, options).length > 0)
    return confirmAndWrite(first, [], providers, options, io)
  if (!options.yes) {
    show(first, options, io)
    if (!(await agreed(`Generate ${count(first.keys.length, 'DKIM key')} and apply?`, options, io))) return 0
  }
  const keys = await generateMissingKeys(session, first.keys, io)
  const complete = await openSession({ file: options.config, env: io.env, online: false })
  const { plan } = await planFor({ ...session, keys: complete.keys }, providers, options, io)
  if (isUnsound(plan)) {
    show(plan, options, io)
    io.err.write(nothingWritten(keys))
    return 1
  }
  return confirmAndWrite(plan, keys, providers, { ...options, yes: true }, io)
}

async function applySaved(
  file: string,
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
  const plan = await readSavedPlan(file)
  assertPlanFits(plan, file, session.spec)
  const { stale, failures } = await checkFreshness(plan, { providers, parallel: options.parallel, signal: io.signal })
  if (failures.length > 0) {
    io.err.write(renderFailures(failures, { colour: io.err.colour }))
    io.err.write('Nothing was written.\n')
    return failures.some(({ code }) => code === 'bug') ? 70 : 1
  }
  if (stale.length > 0) throw staleError(file, stale, session)
  return confirmAndWrite(plan, [], providers, options, io)
}

type Providers = ReadonlyMap<string, Connected>

async function confirmAndWrite(
  plan: Plan,
  keys: readonly MadeKey[],
  providers: Providers,
  options: ApplyOptions,
  io: Io,
): Promise<ExitCode> {
  show(plan, options, io)
  const refused = refusals(plan, options)
  if (refused.length > 0) {
    io.err.write(renderRefusals(refused, { colour: io.err.colour }))
    io.err.write(nothingWritten(keys))
    return 3
  }
  if (!hasChanges(plan)) return finish({ zones: [], keys, cancelled: false }, plan, options, io)
  if (!(await agreed('Apply these changes?', options, io))) return 0
  const progress = progressLine(io.err, 'writing zones')
  const result = await applyPlan({
    plan,
    providers,
    parallel: options.parallel,
    signal: io.signal,
    onProgress: progress.update,
  })
  progress.end()
  if (options.wait) await settle(providers, io)
  return finish({ ...result, keys }, plan, options, io)
}

function nothingWritten(keys: readonly MadeKey[]): string {
  return keys.length === 0
    ? 'Nothing was written.\n'
    : `Nothing was written to DNS; ${count(keys.length, 'DKIM key')} generated or found before stay.\n`
}

function show(plan: Plan, { format }: ApplyOptions, { out, err }: Io): void {
  const target = format === 'json' ? err : out
  target.write(renderPlanText(plan, { colour: target.colour, width: target.columns }))
}

async function agreed(question: string, { yes }: ApplyOptions, { confirm, err }: Io): Promise<boolean> {
  if (yes || (await confirm?.(question))) return true
  err.write('Nothing was written.\n')
  return false
}

function finish(result: ApplyResult, plan: Plan, { format }: ApplyOptions, { out }: Io): ExitCode {
  if (format === 'json')
    out.write(
      `${JSON.stringify({ format: 'mailsync-apply', version: 1, ...result, failures: plan.failures }, null, 2)}\n`,
    )
  else out.write(renderApplyText(result, { colour: out.colour }))
  const failures = [...plan.failures, ...result.zones.flatMap(({ failure }) => failure ?? [])]
  if (failures.some(({ code }) => code === 'bug')) return 70
  if (failures.some(({ code }) => code !== 'stale')) return 1
  return failures.length > 0 ? 3 : 0
}

async function settle(providers: Providers, { err, signal }: Io): Promise<void> {
  for (const { name, provider } of providers.values())
    await provider.settle?.(signal, (message) => err.write(`${inert(`${name}: ${message}`)}\n`))
}

function staleError(file: string, stale: Freshness['stale'], { file: spec }: Session): MailsyncError {
  const lines = stale.map(({ provider, record, found }) => `${record} at ${provider}: ${found}`)
  return new MailsyncError('stale', `the plan in ${file} is stale; nothing was written\n  ${lines.join('\n  ')}`, {
    hint: `plan again: mailsync plan --config ${spec} --out ${file}`,
  })
}
