import { currentStage, STAGES } from '../../../records/move/move.js'
import { isUnsound } from '../../apply/guards.js'
import type { ExitCode } from '../../exit-code.js'
import { exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { sessionAt } from '../../move/open-stage.js'
import { makePlan } from '../../plan/make-plan.js'
import { printPlan } from '../../render/text/plan/print-plan.js'
import { closeAll } from '../../session.js'
import { observedOptions } from '../options/open-options.js'
import { moveUnderWay } from './open.js'

export interface MovePlanOptions {
  readonly config: string
  readonly format: 'text' | 'json' | 'markdown'
  readonly resolver?: string | undefined
  readonly parallel: number
}

/** `mailsync move plan`: what the stage after this one will change, as a plan. Writes nothing. */
export async function movePlan(options: MovePlanOptions, io: Io): Promise<ExitCode> {
  const openOptions = observedOptions(options, io)
  const move = await moveUnderWay(openOptions)
  const { stage, back } = currentStage(move.state)
  const next = STAGES[STAGES.indexOf(stage) + 1] ?? stage
  const session = await sessionAt(move, { stage: next, back, entered: io.now() }, openOptions)
  const providers = await session.connect()
  try {
    const { plan } = await makePlan({
      ...session,
      providers,
      selection: { zones: [], domains: [] },
      today: io.today,
      parallel: options.parallel,
      signal: io.signal,
      openReverseDns: async () =>
        (await import('../../hosts/reverse/reverse-dns.js')).reverseDns({
          resolver: options.resolver,
          signal: io.signal,
        }),
    })
    if (options.format === 'json') io.out.write((await import('../../render/json/plan-json.js')).renderPlanJson(plan))
    else if (options.format === 'markdown')
      io.out.write((await import('../../render/markdown/plan-markdown.js')).renderPlanMarkdown(plan))
    else printPlan(io.out, plan)
    return exitCodeOf([...plan.failures, ...(isUnsound(plan) ? [{ code: 'spec' as const }] : [])])
  } finally {
    await closeAll(providers)
  }
}
