import { applyPlan } from '../../apply/apply-plan.js'
import { forwardWaiter } from '../../apply/await-forward.js'
import { isUnsound, refusals } from '../../apply/guards.js'
import { readSavedPlan } from '../../apply/saved-plan.js'
import { verified, waitUntilServed } from '../../commands/apply/served.js'
import { freshShare, type Share, savedShare, shardOfRun, withShard } from '../../commands/apply/shares.js'
import { foreseeWriting } from '../../fleet/budget/foresee.js'
import type { Plan, ZoneFailure } from '../../plan/plan.js'
import type { Problem } from '../../problem.js'
import { inert } from '../../render/inert.js'
import { renderPlanMarkdown } from '../../render/markdown/plan-markdown.js'
import { summaryOf } from '../../render/plan/plan-summary.js'
import { renderApplyText } from '../../render/text/apply-text.js'
import { printPlan } from '../../render/text/plan/print-plan.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import { appliedOutcome } from './applied-outcome.js'
import type { Outcome } from './outcome.js'
import { failureProblem, keyProblem, planProblems, refusalProblem } from './plan-problems.js'
import { savePlan } from './save-plan.js'
import { type Planned, withPlan } from './with-plan.js'

/** `command: apply`: makes DNS as the spec says, or does of that exactly what a reviewed plan says. */
export async function applyOutcome(inputs: Inputs, run: Run): Promise<Outcome> {
  const { io } = run
  const reviewed = inputs.planFile === undefined ? undefined : await readSavedPlan(inputs.planFile)
  const planning = { ...inputs, ...withShard(shardOfRun(inputs, reviewed)) }
  return withPlan(
    planning,
    run,
    async ({ session, providers, ...made }) => {
      const { stale, ...share } =
        reviewed === undefined
          ? { ...(await freshShare(made, inputs)), stale: [] }
          : await savedShare(reviewed, made, inputs)
      const { unreviewed } = share
      const plan = reviewed?.narrowed ? { ...share.plan, narrowed: reviewed.narrowed } : share.plan
      printPlan(io.out, plan)
      const files = await savePlan({ plan, compiled: made.compiled }, session, undefined, run)
      const outcome =
        refusedOutcome(plan, stale, inputs) ?? (await carryOut({ ...share, plan }, { session, providers }, inputs, io))
      return { ...withUnreviewed(outcome, unreviewed), files }
    },
    reviewed,
  )
}

/** What the spec wants and nobody reviewed stays to be done: DNS is not as the spec says. */
function withUnreviewed(outcome: Outcome, unreviewed: readonly ZoneFailure[]): Outcome {
  if (unreviewed.length === 0) return outcome
  return {
    ...outcome,
    drift: true,
    problems: [
      ...outcome.problems,
      ...unreviewed.map((zone) => ({ ...failureProblem(zone), severity: 'warning' as const })),
    ],
  }
}

async function carryOut(
  { plan, unreviewed, part }: Share,
  { session, providers }: Pick<Planned, 'session' | 'providers'>,
  { zones: zone, domains: domain, planFile, parallel, resolver, wait, verify, verifyWait }: Inputs,
  io: Run['io'],
): Promise<Outcome> {
  foreseeWriting(plan, providers, io.watch)
  const awaitForward = forwardWaiter({
    resolver,
    signal: io.signal,
    report: (message) => io.err.write(`${inert(message)}\n`),
  })
  const done = await applyPlan({
    plan,
    unreviewed,
    ...(part && { part }),
    providers,
    awaitForward,
    parallel,
    signal: io.signal,
    watch: io.watch,
  })
  const result = { ...done, keys: [] }
  io.out.write(renderApplyText(result, { colour: io.out.colour }))
  const unserved = wait ? await waitUntilServed(providers, io) : []
  const written = { ...plan, failures: [...plan.failures, ...unserved] }
  const asked = { zone, domain, plan: planFile, resolver, verifyWait }
  return appliedOutcome(await verified(written, result, verify ? session : undefined, asked, io), result)
}

/** Why nothing of a plan is carried out; undefined where nothing stands against it. */
function refusedOutcome(plan: Plan, stale: readonly Problem[], inputs: Inputs): Outcome | undefined {
  const refused = [
    ...stale,
    ...plan.keys.map((key) => keyProblem(key, 'error')),
    ...refusals(plan, inputs).map(refusalProblem),
  ]
  const [first] = refused
  if (first === undefined && !isUnsound(plan)) return undefined
  const problems = [...plan.problems, ...planProblems({ ...plan, keys: [] }), ...refused]
  return {
    failure: `nothing was written: ${stale.length > 0 ? 'the reviewed plan is stale' : (first?.message ?? summaryOf(plan))}`,
    problems,
    markdown: (limit) => renderPlanMarkdown({ ...plan, problems }, { limit }),
  }
}
