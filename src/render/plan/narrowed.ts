import type { LeftOutZones, Plan } from '../../plan/plan.js'
import { count } from '../words.js'
import { seenInDns } from './seen-in-dns.js'

/** What was not looked at and why, a sentence for each reason; none where every zone was. */
export function narrowedOf({ narrowed = [] }: Pick<Plan, 'narrowed'>): string[] {
  return narrowed.map((one) => (one.by === 'observe' ? seenInDns(one) : SENTENCES[one.by](one)))
}

const SENTENCES: Readonly<Record<LeftOutZones['by'], (narrowing: LeftOutZones) => string>> = {
  since: ({ value, commit, notLookedAt }) => {
    const short = commit?.slice(0, SHORT)
    const revision = value === commit ? short : short === undefined ? value : `${value} (${short})`
    if (notLookedAt === 0) return `No zone was left out: what the spec wants of each differs from ${revision}.`
    const its = notLookedAt === 1 ? 'its' : 'their'
    return `${notLookedAtAll(notLookedAt)}: ${its} desired records are as in ${revision}. What others changed there is not seen.`
  },
  shard: ({ value, notLookedAt }) =>
    `This is shard ${value}${notLookedAt === 0 ? '' : `: ${notLookedAtAll(notLookedAt)}, which are in other shards`}.`,
}

/** Digits of a commit, as git shows it. */
const SHORT = 7

/** `9,999 zones were not looked at` */
function notLookedAtAll(zones: number): string {
  return `${count(zones, 'zone')} ${zones === 1 ? 'was' : 'were'} not looked at`
}
