import type { ApplyResult } from '../../apply/result.js'
import { failureOf } from '../../failure.js'
import { observedBefore } from '../../hosts/addresses/observe-hosts.js'
import type { Io } from '../../io.js'
import { leavesOut, type Plan, type ZoneFailure } from '../../plan/plan.js'
import { readSelection, recordFilter } from '../../plan/select.js'
import { inert } from '../../render/inert.js'
import { renderFailures } from '../../render/text/faults/failures-text.js'
import { print } from '../../render/text/print.js'
import { openSession } from '../../session.js'
import type { ApplyOptions, Providers } from './apply-options.js'

/** With `verify`: the plan with a failure for each zone whose name servers do not all answer with it. What was not written is not waited for. */
export async function verified(
  plan: Plan,
  { zones }: Pick<ApplyResult, 'zones'>,
  options: ApplyOptions,
  io: Io,
): Promise<Plan> {
  const isWritten = zones.every(({ failure, pending }) => failure === undefined && pending.length === 0)
  if (!options.verify || !isWritten || plan.failures.length > 0 || io.signal.aborted) return plan
  const [{ awaitServed }, { goneValues }] = await Promise.all([
    import('../../verify/await/await-served.js'),
    import('../../verify/await/gone-values.js'),
  ])
  const { config, resolver, verifyWait: limit } = options
  const { spec, compiled } = await openSession({
    file: config,
    env: io.env,
    online: false,
    observe: observedBefore(plan),
  })
  const selection = readSelection(spec, options.zone, options.domain)
  // Of a saved plan only what it was about: the rest of the spec may not be written yet. Nor was it looked at in a plan since then.
  const isWhole = options.plan === undefined && !leavesOut(plan)
  const chosen = isWhole ? selection.zones : plan.zones.map(({ zone }) => zone)
  const isChosen = (zone: string): boolean => (isWhole && chosen.length === 0) || chosen.some((one) => one === zone)
  const filter = recordFilter(spec, selection)
  const failures = await awaitServed({
    spec,
    records: new Map(
      [...compiled.zones].filter(([zone]) => isChosen(zone)).map(([zone, list]) => [zone, list.filter(filter)]),
    ),
    gone: goneValues(plan),
    resolver,
    limit,
    signal: io.signal,
    report: (message) => print(io.err, `${inert(message)}\n`),
  })
  print(io.err, renderFailures(failures, io.err, 'Written, but not answered everywhere'))
  return { ...plan, failures: [...plan.failures, ...failures] }
}

/** Waits for each provider; those that cannot say that they answer with what was written are failures. */
export async function waitUntilServed(providers: Providers, { err, signal }: Io): Promise<ZoneFailure[]> {
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
