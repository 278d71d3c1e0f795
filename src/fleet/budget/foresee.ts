import type { Account } from '../../../providers/calls/account.js'
import type { LimitsSeen } from '../../../providers/calls/read-limits.js'
import { MailsyncError } from '../../../records/error.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import { type Connected, holderOf } from '../../connect/connect.js'
import type { Plan } from '../../plan/plan.js'
import { budgetText } from '../../watch/people.js'
import type { Watch } from '../../watch/watch.js'
import { durationText } from '../../watch/words.js'
import { type Allowance, waitFor } from './wait-for.js'

/** Calls that a run is going to make at a provider. */
interface Need {
  readonly connected: Connected
  readonly calls: number
}

/** Zones that a provider is going to be asked for, each at one of its connections. */
type Reading = readonly { readonly connected: Connected }[]

/** Zones of one page of a listing, where a provider has the smallest. */
const ZONES_A_PAGE = 50
/** Part of a whole window from which it is worth asking how much of it is left. */
const WORTH_ASKING = 0.25
/** Seconds from which a wait is worth telling. */
const WORTH_TELLING = 30

/**
 * The zones to read before all others, one at each account that has much to do and has said nothing yet: their replies tell
 * how many calls are left.
 */
export function firstLooks<Task extends { readonly connected: Connected }>(tasks: readonly Task[]): Task[] {
  return [...groupBy(tasks, ({ connected }) => connected.account)].flatMap(([account, own]) => {
    const [first] = own
    const rate = first?.connected.plugin.rate
    const isSure =
      !account || account.seen().length > 0 || !rate || own.length < (rate.calls / account.processes()) * WORTH_ASKING
    return isSure || !first ? [] : [first]
  })
}

/** Of reading zones: says how long it takes where rate limits make it wait; throws as {@link foresee}. */
export function foreseeReading(tasks: Reading, watch: Watch): void {
  const needs = [...groupBy(tasks, ({ connected }) => connected)].map(([connected, { length }]) => ({
    connected,
    calls: length + Math.ceil(length / ZONES_A_PAGE),
  }))
  foresee(needs, watch)
}

/** Of writing what a plan has: one listing of a zone, and its writes. */
export function foreseeWriting(
  { zones }: Pick<Plan, 'zones'>,
  providers: ReadonlyMap<string, Connected>,
  watch: Watch,
): void {
  const needs = zones.flatMap(({ zone, provider, writes, byHand }): Need[] => {
    const connected = providers.get(provider)
    return connected && !byHand ? [{ connected: holderOf(connected, zone as Name), calls: 1 + writes }] : []
  })
  foresee(needs, watch)
}

/** Throws `rate-limited` where the run would wait for longer than it may; before anything is asked or written. */
function foresee(needs: readonly Need[], watch: Watch): void {
  for (const [account, own] of groupBy(needs, ({ connected }) => connected.account)) {
    const [first] = own
    if (!account || !first) continue
    const calls = own.reduce((sum, need) => sum + need.calls, 0)
    const waits = allowancesOf(account, first.connected, watch.now()).map((one) => ({
      ...one,
      seconds: waitFor(calls, one),
    }))
    const [longest] = waits.sort((a, b) => b.seconds - a.seconds)
    if (!longest || longest.seconds < WORTH_TELLING) continue
    const { rate, share, seen, seconds } = longest
    const budget = {
      event: 'budget',
      provider: first.connected.name,
      calls,
      limit: rate.calls,
      window: rate.seconds,
      ...(share > 1 && { share }),
      ...(seen && { left: seen.left, until: seen.until }),
      seconds,
    } as const
    if (seconds > account.left()) throw tooLong(budgetText(budget), account)
    watch.tell(budget)
  }
}

/** What each window of the account allows; as documented, where no reply has told of one. */
function allowancesOf(
  account: Account,
  { plugin }: Connected,
  now: number,
): (Required<Allowance> & { readonly seen: LimitsSeen | undefined })[] {
  const windows = account.seen()
  const share = account.processes()
  return (windows.length > 0 ? windows : [undefined]).flatMap((seen) => {
    const calls = seen?.limit ?? plugin.rate?.calls
    const seconds = seen?.window ?? plugin.rate?.seconds
    if (calls === undefined || seconds === undefined) return []
    const left = seen?.left ?? Math.floor(calls / share)
    const reset = seen ? Math.max(0, (seen.until - now) / 1000) : seconds
    return [{ rate: { ...plugin.rate, calls, seconds }, share, left, reset, seen }]
  })
}

function tooLong(budget: string, account: Account): MailsyncError {
  return new MailsyncError(
    'rate-limited',
    `${budget} It may wait ${durationText(account.left())}, so it does not begin.`,
    {
      hint: 'let it wait longer with --max-wait 4h; or give it less to do with --since, --zone or --observe dns',
    },
  )
}
