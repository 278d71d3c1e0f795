import pLimit from 'p-limit'
import type { Name } from '../../records/rr/name.js'
import { afterOf, beforeOf } from '../../records/rr/rrset.js'
import type { Plan } from '../plan/plan.js'
import type { ResolvedDns } from '../spf/resolved-dns.js'
import { changedDns, type Replaced } from './changed-dns.js'
import { judge, type Mailing } from './judge.js'
import { moments } from './moments.js'
import type { OrderedChange } from './ordered-changes.js'
import { CHECKS, passes, type Verdicts } from './verdict.js'

export type Proof = NonNullable<Plan['proof']>
export type ProofRow = Proof['rows'][number]

/** Mailings that are judged at the same time. */
const PARALLEL = 16

/** What a plan is proven with. */
export interface ProofInput {
  readonly mailings: readonly (Mailing & { readonly of: string })[]
  /** Of the plan, in the order in which they are written. */
  readonly changes: readonly OrderedChange[]
  readonly served: ResolvedDns
  readonly onProgress?: (done: number, total: number) => void
}

/** What receivers make of each mailing now, once the plan is carried out, and in between. */
export async function proofRows({ mailings, changes, served, onProgress }: ProofInput): Promise<ProofRow[]> {
  const limit = pLimit(PARALLEL)
  const seen = seenWithout(changes)
  const standing = seen(changes)
  let done = 0
  return Promise.all(
    mailings.map((mailing) =>
      limit(async () => {
        const row = await proofRow(mailing, { changes, served, seen, standing })
        done += 1
        onProgress?.(done, mailings.length)
        return row
      }),
    ),
  )
}

interface ProvenPlan extends Pick<ProofInput, 'changes' | 'served'> {
  readonly seen: ReturnType<typeof seenWithout>
  /** What is seen before anything is written. */
  readonly standing: Replaced
}

async function proofRow(
  mailing: ProofInput['mailings'][number],
  { changes, served, seen, standing }: ProvenPlan,
): Promise<ProofRow> {
  const [now, before] = await judged(mailing, standing, served)
  const [after, then] = await judged(mailing, seen([]), served)
  const relevant = changes.filter(({ key }) => before.has(key) || then.has(key))
  const broken: NonNullable<ProofRow['broken']>[number][] = []
  const note = (verdicts: Verdicts, when: 'after' | 'between', hidden: readonly OrderedChange[]): void => {
    for (const check of CHECKS) {
      if (!passes(now[check]) || passes(verdicts[check]) || verdicts[check].result === 'unknown') continue
      if (broken.some((one) => one.check === check)) continue
      const { zone, provider } = (hidden[0] ?? relevant[0]) as OrderedChange
      const old = hidden.map(({ key }) => key)
      broken.push({ check, when, ...verdicts[check], zone: zone as Name, provider, ...(old.length > 0 && { old }) })
    }
  }
  if (relevant.length > 0) note(after, 'after', [])
  const canBreak = CHECKS.some((check) => passes(now[check]))
  for (const hidden of canBreak ? moments(relevant, (key) => before.has(key)) : []) {
    const [verdicts] = await judged(mailing, seen(hidden), served)
    note(verdicts, 'between', hidden)
  }
  const { domain, sender, of } = mailing
  return { domain, address: sender.ip, of, now, after, ...(broken.length > 0 && { broken }) }
}

/** What is seen of changes while some of them are hidden. A plan may have thousands, of which each mailing sees a few. */
function seenWithout(changes: readonly OrderedChange[]): (hidden: readonly OrderedChange[]) => Replaced {
  const after = new Map(changes.map(({ key, change }) => [key, afterOf(change)]))
  return (hidden) => {
    const before = new Map(hidden.map(({ key, change }) => [key, beforeOf(change)]))
    return {
      get: (key) => (before.has(key) ? before.get(key) : after.get(key)),
      // Where nothing stood, DNS says what is there: a wildcard may answer.
      has: (key) => (before.has(key) ? before.get(key) !== undefined : after.has(key)),
    }
  }
}

/** The verdicts, and the RRsets that they depend on. */
async function judged(
  mailing: Mailing,
  replaced: Replaced,
  served: ResolvedDns,
): Promise<readonly [Verdicts, ReadonlySet<string>]> {
  const asked = new Set<string>()
  const verdicts = await judge(
    mailing,
    changedDns(served, replaced, (key) => void asked.add(key)),
  )
  return [verdicts, asked]
}
