import { cancelled } from '../../../providers/refusal.js'
import { MailsyncError } from '../../../records/error.js'
import type { Refusal } from '../../apply/guards.js'
import type { ApplyResult, MadeKey } from '../../apply/result.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Failure } from '../../failure.js'
import type { Io } from '../../io.js'
import type { Plan } from '../../plan/plan.js'
import type { Problem } from '../../problem.js'
import { renderApplyJson } from '../../render/json/apply-json.js'
import { renderApplyText } from '../../render/text/apply-text.js'
import { printPlan } from '../../render/text/plan/print-plan.js'
import { print } from '../../render/text/print.js'
import { count } from '../../render/words.js'
import type { Session } from '../../session.js'
import type { ApplyOptions } from './apply-options.js'

/** The plan, where messages are where stdout is one JSON document. */
export function show(plan: Plan, { format }: ApplyOptions, { out, err }: Io): void {
  printPlan(format === 'json' ? err : out, plan)
}

/** Ends because the spec has errors that are about all of it. */
export function unsound(plan: Plan, keys: readonly MadeKey[], options: ApplyOptions, io: Io): ExitCode {
  show(plan, options, io)
  return unwritten(plan, keys, options, io, [{ code: 'spec' }])
}

/** Ends because somebody stopped the run before it wrote. */
export function stopped(plan: Plan, keys: readonly MadeKey[], options: ApplyOptions, io: Io): ExitCode {
  print(io.err, 'The run was stopped.\n')
  // A zone that nobody waited for has not failed.
  const failures = plan.failures.filter(({ code }) => code !== 'cancelled')
  return unwritten({ ...plan, failures }, keys, options, io)
}

/** Ends without a write: because of `failures`, or because somebody said no. */
export function unwritten(
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

/** Says what became of a plan that was carried out. */
export function finish(result: ApplyResult, plan: Plan, { format }: ApplyOptions, { out }: Io): ExitCode {
  if (format === 'json') out.write(renderApplyJson(result, plan, []))
  else print(out, renderApplyText(result, out))
  return exitCodeOf([...plan.failures, ...result.zones.flatMap(({ failure }) => failure ?? [])])
}

/** A saved plan that is not what would be done now. */
export function staleError(file: string, stale: readonly Problem[], { file: spec }: Session): MailsyncError {
  const lines = stale.map(({ zone, provider, message }) => `${zone} at ${provider}: ${message}`)
  return new MailsyncError('stale', `the plan in ${file} is stale; nothing was written\n  ${lines.join('\n  ')}`, {
    hint: `plan again: mailsync plan --config ${spec} --out ${file}`,
  })
}
