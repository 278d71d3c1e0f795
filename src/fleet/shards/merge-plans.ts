import { MailsyncError } from '../../../records/error.js'
import type { Plan } from '../../plan/plan.js'
import { policyFilesFirst } from '../../plan/policy-files-first.js'
import { inTextOrder, type Problem, unplaced } from '../../problem.js'
import { count } from '../../render/words.js'
import { mergedNarrowings, otherNarrowings } from './merge-narrowings.js'
import { readShard } from './shard.js'

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
  const [first, ...others] = parts
  if (first === undefined) throw new MailsyncError('usage', 'there is no plan to merge', { hint: HINT })
  const shards = shardsOf(parts)
  for (const other of others) assertSameKind(first, other)
  assertApart(parts)
  const plans = parts.map(({ plan }) => plan)
  const zones = plans.flatMap((plan) => plan.zones).sort((a, b) => compare(placeOf(a), placeOf(b)))
  const missing = missingShards([...shards.keys()], zonesIn)
  const { narrowed: _, spf: __, proof: ___, ...base } = first.plan
  const narrowed = mergedNarrowings(plans)
  const [spf, proofs] = [plans.flatMap((plan) => plan.spf ?? []), plans.flatMap(({ proof }) => proof ?? [])]
  return {
    ...base,
    zones,
    unchanged: plans.reduce((sum, { unchanged }) => sum + unchanged, 0),
    failures: once(plans.flatMap(({ failures }) => failures)),
    keys: once(plans.flatMap(({ keys }) => keys)),
    manual: once(plans.flatMap(({ manual }) => manual)),
    problems: inTextOrder([...problemsOf(plans, isOpenQuestion), ...policyFilesFirst(zones), ...missing]),
    ...(narrowed.length > 0 && { narrowed }),
    ...(spf.length > 0 && { spf: once(spf) }),
    ...(proofs.length > 0 && {
      proof: {
        rows: once(proofs.flatMap(({ rows }) => rows)),
        unproven: once(proofs.flatMap(({ unproven }) => unproven)),
      },
    }),
  }
}

const HINT = 'make one a shard: mailsync plan --shard 1/8 --out plan-1.json; `mailsync shards` names the shards'

/** Shard → the file of its plan; each has one. */
function shardsOf(parts: readonly ShardPlan[]): ReadonlyMap<string, string> {
  const shards = new Map<string, string>()
  for (const { file, plan } of parts) {
    const shard = plan.narrowed?.find(({ by }) => by === 'shard')?.value
    if (shard === undefined)
      throw new MailsyncError('usage', `the plan in ${file} is not that of a shard`, { hint: HINT })
    const before = shards.get(shard)
    if (before !== undefined)
      throw new MailsyncError('usage', `${before} and ${file} are both plans of shard ${shard}`, {
        hint: 'give the newer one',
      })
    shards.set(shard, file)
  }
  return shards
}

/** Throws where two parts are of different specs, or not of one run. */
function assertSameKind(one: ShardPlan, other: ShardPlan): void {
  const differences = [
    ['other shards', (plan) => String(shardOf(plan).count), true],
    ['other spec', ({ spec }) => spec, true],
    ['other owner', ({ owner }) => JSON.stringify(owner), true],
    ['other commits to compare with', (plan) => commitOf(plan), true],
    ['other limits', (plan) => JSON.stringify(otherNarrowings(plan).map(({ by }) => by)), false],
    ['other observed addresses', ({ observed = [] }) => JSON.stringify(observed), false],
    ['the spec or its keys were changed in between', (plan) => meaningOf(plan), false],
  ] as const satisfies readonly [string, (plan: Plan) => string | undefined, boolean][]
  for (const [what, of, isTold] of differences) {
    if (of(one.plan) === of(other.plan)) continue
    const values = isTold ? `: ${of(one.plan)} and ${of(other.plan)}` : ''
    throw new MailsyncError('usage', `${one.file} and ${other.file} are no plans of one run: ${what}${values}`, {
      hint: 'plan all shards again, of the same commit and with the same options',
    })
  }
}

/** The commit that `--since` was; a branch may have moved meanwhile. */
function commitOf(plan: Plan): string | undefined {
  return otherNarrowings(plan).flatMap((one) => (one.by === 'since' ? (one.commit ?? one.value) : []))[0]
}

function meaningOf({ narrowed = [] }: Plan): string | undefined {
  return narrowed.flatMap((one) => (one.by === 'shard' ? (one.meaning ?? []) : []))[0]
}

function shardOf({ narrowed = [] }: Plan) {
  return readShard(narrowed.find(({ by }) => by === 'shard')?.value ?? '')
}

/** Throws where two parts are about one zone. */
function assertApart(parts: readonly ShardPlan[]): void {
  const seen = new Map<string, string>()
  for (const { file, plan } of parts)
    for (const zone of plan.zones) {
      const before = seen.get(placeOf(zone))
      if (before !== undefined)
        throw new MailsyncError('usage', `${before} and ${file} both change ${zone.zone} at ${zone.provider}`, {
          hint: 'plan all shards again, of the same commit and with the same options',
        })
      seen.set(placeOf(zone), file)
    }
}

function missingShards(given: readonly string[], zonesIn: Expected['zonesIn']): Problem[] {
  const { count: shards } = readShard(given[0] as string)
  return [...zonesIn(shards)]
    .filter(([shard]) => !given.includes(shard))
    .map(([shard, zones]) =>
      unplaced(
        'shard-missing',
        `the plan of shard ${shard} is missing: ${count(zones, 'zone')} ${zones === 1 ? 'was' : 'were'} not looked at`,
        `see why that job failed, run it again (mailsync plan --shard ${shard} --out FILE), and merge again`,
      ),
    )
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
