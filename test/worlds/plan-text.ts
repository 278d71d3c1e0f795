import { expect } from 'vitest'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import { rdataTexts, subjectOf } from '../../records/rr/rrset.js'
import { makePlan } from '../../src/plan/make-plan.js'
import type { Plan, PlannedChange } from '../../src/plan/plan.js'
import type { PlanInput } from '../../src/plan/plan-input.js'
import { readSelection } from '../../src/plan/select.js'
import { load, told } from '../config/load.js'
import type { World } from './world.js'

interface Options extends Partial<Pick<PlanInput, 'signal' | 'parallel' | 'onProgress' | 'openReverseDns'>> {
  readonly keys?: readonly DkimPublicKey[]
  /** `--zone` and `--domain`. */
  readonly zone?: readonly string[]
  readonly domain?: readonly string[]
}

/** Plans the spec that a text holds, which has no error of its own. */
export async function planText(
  world: World,
  text: string,
  { keys = [], zone = [], domain = [], ...more }: Options = {},
): Promise<Plan> {
  const { spec, problems, locate } = await load(text)
  expect(problems).toEqual([])
  if (!spec) throw new Error('there is no spec')
  const { plan } = await makePlan({
    file: 'mailsync.yaml',
    spec,
    keys,
    providers: world.providers,
    locate,
    problems: [],
    selection: readSelection(spec, zone, domain),
    today: '2026-11-22',
    parallel: 4,
    signal: new AbortController().signal,
    ...more,
  })
  return plan
}

/** The changes of a plan, a line each, without those of the manifests. */
export function planned(plan: Plan): string[] {
  return plan.zones.flatMap(({ provider, changes }) =>
    changes.filter(({ manifest }) => !manifest).map((change) => `${provider}: ${changeLine(change)}`),
  )
}

export function changeLine(change: PlannedChange): string {
  const { name, type, ttl } = subjectOf(change)
  const sign = { create: '+', update: '~', delete: '-' }[change.kind]
  return `${sign} ${name} ${type}${change.kind === 'delete' ? '' : ` ${ttl} ${rdataTexts(change.after).join(' | ')}`}`
}

/** The problems of a plan, with their place, their zone where they are about one, and no hint. */
export function problemLines(plan: Plan): string[] {
  return plan.problems.map(
    ({ hint, ...problem }) => told(problem) + (problem.zone ? ` (${problem.zone} ${problem.provider})` : ''),
  )
}
