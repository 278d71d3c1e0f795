import type { Compiled } from '../../records/compile.js'
import type { MailSpec } from '../../records/spec.js'
import type { Plan } from '../plan/plan.js'
import type { Locate } from '../problem.js'
import { VERIFY_TITLE } from '../verify/render/summary.js'
import { verifySection } from '../verify/render/verify-section.js'
import { changesSection } from './changes.js'
import { html } from './html/html.js'
import { page } from './page.js'
import { problemsSection } from './problems.js'
import { proofSection } from './proof.js'
import { recordsSection } from './records.js'
import { stepsSection } from './steps.js'
import { headline, summary } from './summary.js'
import { topologySection } from './topology/topology-section.js'

export interface HtmlReport {
  readonly plan: Plan
  readonly spec: MailSpec
  readonly compiled: Compiled
  readonly locate: Locate
  /** Whether spec and records are only those of what differs from a revision, and what goes with it. */
  readonly isPart?: boolean | undefined
}

/**
 * A plan as one HTML page that stands alone: it loads nothing, and all it says is there without scripts. Values from the
 * spec and from DNS are text in it, whatever they hold. Its size is bounded, see `limits.ts`.
 */
export function renderPlanHtml({ plan, spec, compiled, locate, isPart = false }: HtmlReport): string {
  const sections = [
    problemsSection(plan),
    topologySection(plan, spec, compiled, isPart),
    proofSection(plan),
    plan.verify && verifySection(VERIFY_TITLE, plan.verify),
    changesSection(plan),
    stepsSection(plan),
    recordsSection(plan, compiled, locate, isPart),
  ]
  return page({
    title: `${headline(plan)} · mailsync plan`,
    made: html`Made by <code>mailsync plan --format html</code>. A plan writes nothing; <code>mailsync apply</code> does.`,
    header: summary(plan),
    sections,
  })
}
