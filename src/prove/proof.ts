import pLimit from 'p-limit'
import { isWithin, type Name } from '../../records/rr/name.js'
import type { Plan } from '../plan/plan.js'
import type { ResolvedDns } from '../spf/resolved-dns.js'
import { type ChangedAnswers, changedAnswers, type WildcardZone } from './changed-answers.js'
import { changedDns, type Replaced } from './changed-dns.js'
import { addressOf, judge } from './judge.js'
import type { Mailing } from './mailing.js'
import { MOST_COMBINED, type Moment, moments } from './moments.js'
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
  /** Of the zones that change, those with wildcards. */
  readonly wildcards?: readonly WildcardZone[]
  /** All zones of the spec. */
  readonly zones?: ReadonlyMap<Name, unknown>
  readonly onProgress?: (done: number, total: number) => void
}

/** What receivers make of each mailing now, once the plan is carried out, and in between. */
export async function proofRows(input: ProofInput): Promise<ProofRow[]> {
  const { mailings, changes, served, wildcards = [], zones = new Map(), onProgress } = input
  const limit = pLimit(PARALLEL)
  const answers = changedAnswers(changes, wildcards, zones)
  const old = answers.seen(() => true)
  const before = await Promise.all(mailings.map((mailing) => limit(() => judged(mailing, old, served))))
  const proven: ProvenPlan = { served, answers, wasAsked: rememberedFrom(before) }
  let done = 0
  return Promise.all(
    mailings.map((mailing, index) =>
      limit(async () => {
        const row = await proofRow(mailing, before[index] as Judged, proven)
        done += 1
        onProgress?.(done, mailings.length)
        return row
      }),
    ),
  )
}

interface ProvenPlan extends Pick<ProofInput, 'served'> {
  readonly answers: ChangedAnswers
  /** Whether a cache may know from before that there is nothing at a place. */
  readonly wasAsked: (key: string) => boolean
}

/** Receivers of one mailing get the others too: what any of them asks for is in their caches. */
function rememberedFrom(before: readonly Judged[]): (key: string) => boolean {
  const asked = new Set(before.flatMap((one) => [...one.asked]))
  const absent = [...new Set(before.flatMap((one) => [...one.absent]))]
  return (key) => asked.has(key) || absent.some((name) => isWithin(key.split(' ')[0] as Name, name))
}

async function proofRow(
  mailing: ProofInput['mailings'][number],
  { verdicts: now, asked }: Judged,
  { served, answers, wasAsked }: ProvenPlan,
): Promise<ProofRow> {
  const then = await judged(
    mailing,
    answers.seen(() => false),
    served,
  )
  const relevant = [...new Set([...asked, ...then.asked])].flatMap((key) => answers.of(key) ?? [])
  const broken: NonNullable<ProofRow['broken']>[number][] = []
  const note = (verdicts: Verdicts, when: 'after' | 'between', { hidden, midway }: Moment): void => {
    for (const check of CHECKS) {
      if (!passes(now[check]) || passes(verdicts[check]) || verdicts[check].result === 'unknown') continue
      if (broken.some((one) => one.check === check)) continue
      const { zone, provider } = (midway ?? hidden[0] ?? relevant[0]) as (typeof relevant)[number]
      const old = hidden.map(({ key }) => key)
      broken.push({
        check,
        when,
        ...verdicts[check],
        zone: zone as Name,
        provider,
        ...(old.length > 0 && { old }),
        ...(midway && { midway: midway.key }),
      })
    }
  }
  if (relevant.length > 0) note(then.verdicts, 'after', { hidden: [] })
  const canBreak = CHECKS.some((check) => passes(now[check]))
  for (const moment of canBreak ? moments(relevant, wasAsked) : []) {
    const old = new Set(moment.hidden.map(({ key }) => key))
    const { midway } = moment
    const seen = answers.seen((key) => old.has(key), midway && new Map([[midway.key, midway.answer]]))
    note((await judged(mailing, seen, served)).verdicts, 'between', moment)
  }
  const { domain, of } = mailing
  const address = addressOf(mailing)
  return {
    domain,
    ...(address !== undefined && { address }),
    of,
    ...(canBreak && relevant.length > MOST_COMBINED && { sampled: relevant.length }),
    now,
    after: then.verdicts,
    ...(broken.length > 0 && { broken }),
  }
}

interface Judged {
  readonly verdicts: Verdicts
  /** The RRsets that they depend on. */
  readonly asked: ReadonlySet<string>
  /** Names that do not exist. */
  readonly absent: ReadonlySet<Name>
}

async function judged(mailing: Mailing, replaced: Replaced, served: ResolvedDns): Promise<Judged> {
  const [asked, absent] = [new Set<string>(), new Set<Name>()]
  const dns = changedDns(served, replaced, {
    onAsk: (key) => void asked.add(key),
    onAbsent: (name) => void absent.add(name),
  })
  return { verdicts: await judge(mailing, dns), asked, absent }
}
