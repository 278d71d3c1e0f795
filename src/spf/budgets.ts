import pLimit from 'p-limit'
import type { Compiled } from '../../records/compile.js'
import { type SpfBudget, type SpfBudgetFault, spfBudget } from '../../records/families/spf/evaluate/budget.js'
import type { SpfDns } from '../../records/families/spf/evaluate/dns.js'
import type { SpfRecordTrace } from '../../records/families/spf/evaluate/trace.js'
import { FEWER, includePlace } from '../../records/families/spf/rules.js'
import type { SpecPath } from '../../records/finding.js'
import { displayName, type Name, parseName } from '../../records/rr/name.js'
import type { Plan, PlannedSpfTerm } from '../plan/plan.js'
import { inTextOrder, type Locate, type Problem, toProblem } from '../problem.js'
import { specDns } from './spec-dns.js'

const PARALLEL = 16

/** The look-ups of one domain, and what is wrong with them. */
export interface DomainBudget {
  readonly domain: Name
  readonly budget: SpfBudget
}

/** What the SPF of each domain costs receivers, once the spec is in DNS. @param domains the chosen ones; all where none is */
export async function spfBudgets(
  { input }: Pick<Compiled, 'input'>,
  domains: readonly Name[],
  beyond: SpfDns,
): Promise<DomainBudget[]> {
  const dns = specDns(input.records, beyond)
  const limit = pLimit(PARALLEL)
  const chosen = input.domains.filter(
    ({ name, mail, spf }) => mail === 'normal' && spf !== false && (domains.length === 0 || domains.includes(name)),
  )
  return Promise.all(
    chosen.map(({ name }) => limit(async () => ({ domain: name, budget: await spfBudget(name, dns) }))),
  )
}

/** The plan with the budget of every domain, and an error for each SPF that receivers cannot evaluate. */
export function withBudgets(
  plan: Plan,
  budgets: readonly DomainBudget[],
  { input }: Pick<Compiled, 'input'>,
  locate: Locate,
): Plan {
  const problems = budgets.flatMap(({ domain, budget }) =>
    budget.faults.map((fault) => problemOf(domain, fault, includeOf(fault, domain, input), locate)),
  )
  const isSaidBetter = ({ rule, where }: Problem): boolean =>
    problems.some((one) => one.rule === rule && JSON.stringify(one.where) === JSON.stringify(where))
  return {
    ...plan,
    problems: inTextOrder([...plan.problems.filter((one) => !isSaidBetter(one)), ...problems]),
    spf: budgets.map(({ domain, budget: { lookups, voids, unknown, faults, tree } }) => ({
      domain,
      lookups,
      voids,
      terms: costly(tree, faults.length > 0),
      unknown: [...unknown],
    })),
  }
}

/** The terms that cost look-ups; `deep` with those of the records they lead to, and with what is wrong there. */
function costly({ terms }: SpfRecordTrace, deep: boolean): PlannedSpfTerm[] {
  return terms
    .filter((term) => term.lookups > 0)
    .map(({ term, lookups, voids, why, record }) => {
      const reason = why ?? record?.why
      const below = record ? costly(record, deep) : []
      return {
        term,
        lookups,
        voids,
        ...(deep && reason !== undefined ? { why: reason } : {}),
        ...(deep && below.length > 0 ? { terms: below } : {}),
      }
    })
}

function includeOf({ term }: SpfBudgetFault, domain: Name, input: Compiled['input']): SpecPath {
  const target = term === undefined ? undefined : parseName(term.slice(term.search(/[:=]/) + 1))
  return includePlace(input, domain, typeof target === 'string' ? target : domain)
}

const HINTS: Record<SpfBudgetFault['rule'], string> = {
  'spf-lookups': FEWER,
  'spf-void-lookups': 'remove the terms that find nothing: `mailsync spf check` shows which',
  'spf-include-loop': 'remove the include, or ask whoever publishes it',
  'spf-include-without-spf': 'remove the include, or ask whoever publishes it for the right name',
}

function problemOf(domain: Name, { rule, message }: SpfBudgetFault, from: SpecPath, locate: Locate): Problem {
  const finding = { rule, severity: 'error' as const, from, message: `the SPF of ${displayName(domain)} ${message}` }
  return toProblem({ ...finding, hint: HINTS[rule] }, locate)
}
