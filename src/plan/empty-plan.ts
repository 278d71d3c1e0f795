import type { MailSpec } from '../../records/spec.js'
import { inTextOrder } from '../problem.js'
import type { Plan } from './plan.js'
import type { PlanInput } from './plan-input.js'

/** A plan of nothing. */
export function emptyPlan({ file, spec, problems }: Pick<PlanInput, 'file' | 'spec' | 'problems'>): Plan {
  return {
    format: 'mailsync-plan',
    version: 2,
    spec: file,
    owner: spec.owner,
    zones: [],
    unchanged: 0,
    failures: [],
    keys: [],
    manual: [],
    problems: inTextOrder(problems),
    ...observedIn(spec),
  }
}

/** What was observed of hosts whose addresses the spec does not list. */
function observedIn({ hosts }: MailSpec): Pick<Plan, 'observed'> {
  const observed = hosts.flatMap(({ name, addresses, observed: how }) =>
    how ? [{ host: name, addresses: addresses.map(({ value }) => value), ...how }] : [],
  )
  return observed.length === 0 ? {} : { observed }
}
