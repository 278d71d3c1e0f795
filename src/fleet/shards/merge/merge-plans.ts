import { MailsyncError } from '../../../../records/error.js'
import type { Plan } from '../../../plan/plan.js'
import { policyFilesFirst } from '../../../plan/policy-files-first.js'
import { inTextOrder, type Problem } from '../../../problem.js'
import { mergedNarrowings, otherNarrowings } from './merge-narrowings.js'
import { mergeReports } from './merge-reports.js'
import { againHint, assertOneRun, type Differences, type Kind, missingShards, type ShardFile } from './shard-files.js'

/** The saved plan of one shard. */
export interface ShardPlan {
  readonly file: string
  readonly plan: Plan
}

/** What the spec tells of the parts. */
export interface Expected {
  /** The shards of so many that have zones: shard → how many. */
  zonesIn(count: number): ReadonlyMap<string, number>
  /** Whether a problem only says that a zone was not read: where one shard has read it, it is answered. */
  isOpenQuestion(problem: Problem): boolean
}

/** The rules of notes that are about a plan as a whole. */
const NOTES_OF_ALL: ReadonlySet<string> = new Set(['mta-sts-file-first', 'mta-sts-dropped'])

/**
 * The plans of all shards as one. A shard that is missing is an error of the plan, so that it is shown and not carried out.
 * Throws `usage` for plans that do not belong together.
 */
export function mergePlans(parts: readonly ShardPlan[], { zonesIn, isOpenQuestion }: Expected): Plan {
  const files = parts.map(({ file, plan }): PlanFile => ({ ...plan, file }))
  const shards = assertOneRun(files, KIND, DIFFERENCES)
  assertApart(parts)
  const plans = parts.map(({ plan }) => plan)
  const zones = plans.flatMap((plan) => plan.zones).sort((a, b) => compare(placeOf(a), placeOf(b)))
  const missing = missingShards(shards, KIND, zonesIn)
  const { file: _, narrowed: __, spf: ___, proof: ____, verify: _____, ...base } = files[0] as PlanFile
  const narrowed = mergedNarrowings(plans)
  const [spf, proofs] = [plans.flatMap((plan) => plan.spf ?? []), plans.flatMap(({ proof }) => proof ?? [])]
  const reports = plans.flatMap(({ verify }) => verify ?? [])
  return {
    ...base,
    zones,
    unchanged: plans.reduce((sum, { unchanged }) => sum + unchanged, 0),
    failures: once(plans.flatMap(({ failures }) => failures)),
    keys: once(plans.flatMap(({ keys }) => keys)),
    manual: once(plans.flatMap(({ manual }) => manual)),
    problems: inTextOrder([...problemsOf(plans, isOpenQuestion), ...policyFilesFirst(zones), ...missing]),
    ...(narrowed.length > 0 && { narrowed }),
    ...(reports.length > 0 && { verify: mergeReports(reports) }),
    ...(spf.length > 0 && { spf: once(spf) }),
    ...(proofs.length > 0 && {
      proof: {
        rows: once(proofs.flatMap(({ rows }) => rows)),
        unproven: once(proofs.flatMap(({ unproven }) => unproven)),
      },
    }),
  }
}

const KIND: Kind = { word: 'plan', command: (shard) => `mailsync plan --shard ${shard} --out plan.json` }

type PlanFile = Plan & ShardFile

const DIFFERENCES: Differences<PlanFile> = [
  ['other owner', ({ owner }) => JSON.stringify(owner), true],
  ['other commits to compare with', commitOf, true],
  ['other limits', (plan) => JSON.stringify(otherNarrowings(plan).map(({ by }) => by)), false],
  ['other observed addresses', ({ observed = [] }) => JSON.stringify(observed), false],
]

/** The commit that `--since` was; a branch may have moved meanwhile. */
function commitOf(plan: Plan): string | undefined {
  return otherNarrowings(plan).flatMap((one) => (one.by === 'since' ? (one.commit ?? one.value) : []))[0]
}

/** Throws where two parts are about one zone. */
function assertApart(parts: readonly ShardPlan[]): void {
  const seen = new Map<string, string>()
  for (const { file, plan } of parts)
    for (const zone of plan.zones) {
      const before = seen.get(placeOf(zone))
      if (before !== undefined)
        throw new MailsyncError('usage', `${before} and ${file} both change ${zone.zone} at ${zone.provider}`, {
          hint: againHint(KIND),
        })
      seen.set(placeOf(zone), file)
    }
}

/** What any shard found, and of what is only open, what none has answered. */
function problemsOf(plans: readonly Plan[], isOpenQuestion: Expected['isOpenQuestion']): Problem[] {
  const all = new Map<string, { readonly problem: Problem; plans: number }>()
  for (const { problems } of plans)
    for (const problem of once(problems)) {
      const key = JSON.stringify(problem)
      const known = all.get(key)
      if (known) known.plans += 1
      else all.set(key, { problem, plans: 1 })
    }
  return [...all.values()].flatMap(({ problem, plans: told }) =>
    NOTES_OF_ALL.has(problem.rule) || (told < plans.length && isOpenQuestion(problem)) ? [] : [problem],
  )
}

function once<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}

function placeOf({ zone, provider }: { readonly zone: string; readonly provider: string }): string {
  return `${zone} ${provider}`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
