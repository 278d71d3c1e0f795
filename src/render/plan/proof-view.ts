import { displayName } from '../../../records/rr/name.js'
import type { Plan } from '../../plan/plan.js'
import { CHECK_NAMES, CHECKS, isRelayed, passes, type Result, type Verdict, whileText } from '../../prove/verdict.js'
import { count } from '../words.js'

type Proof = NonNullable<Plan['proof']>
type Row = Proof['rows'][number]

/** The proof of a plan as people read it; the texts are not inert yet. */
export interface ProofView {
  readonly head: readonly string[]
  readonly rows: readonly ProofLine[]
  /** What is not in the rows, and what their words mean. */
  readonly notes: readonly string[]
}

export interface ProofLine {
  readonly domain: string
  /** The address, and whose it is. */
  readonly from: string
  /** One a check: `pass`, or `none → pass` where it changes. */
  readonly cells: readonly { readonly text: string; readonly result: Result }[]
  /** Why something does not pass, or would not in between. */
  readonly whys: readonly string[]
}

export const PROOF_TITLE = 'Proof: mail of each domain from each address, now → after'

/** So many rows are shown whatever they say; of more, only those in which something changes or does not pass. */
const MOST_ROWS = 20
const MOST_NAMES = 8

/** Worst first. */
export function proofView({ rows, unproven }: Proof): ProofView {
  const sorted = [...rows].sort((a, b) => severity(b) - severity(a))
  const told = rows.length <= MOST_ROWS ? sorted : sorted.filter((row) => severity(row) > 0)
  const left = rows.length - told.length
  const names = unproven.slice(0, MOST_NAMES).map(displayName).join(', ')
  const more = unproven.length > MOST_NAMES ? ` and ${count(unproven.length - MOST_NAMES, 'other')}` : ''
  return {
    head: ['domain', 'from', ...CHECKS.map((check) => CHECK_NAMES[check])],
    rows: told.map(lineOf),
    notes: [
      ...(left > 0 ? [`and ${count(left, 'mailing')} that ${left === 1 ? 'passes' : 'pass'} now and after`] : []),
      ...(told.some((row) => row.after.dkim.result === 'key' && !isRelayed(row.now))
        ? ['key: the DKIM record is the right one; the private key is not here to sign with']
        : []),
      ...(told.some(({ now }) => isRelayed(now))
        ? [
            'theirs: what a relay has of its own; one address that its SPF lets in is judged, and the records of its keys',
          ]
        : []),
      ...(told.some(({ sampled }) => sampled !== undefined)
        ? ['sampled: many changes bear on it, of which not every combination of old and new was tried']
        : []),
      ...(told.some(({ servedTerm }) => servedTerm !== undefined)
        ? ['no longer in the spec: of each network the first address is judged, of an include those of a few networks']
        : []),
      ...(unproven.length > 0
        ? [
            `not proven, because the spec names nobody who sends for ${unproven.length === 1 ? 'it' : 'them'} whose address could be told: ${names}${more}`,
          ]
        : []),
    ],
  }
}

function lineOf({ domain, address, of, servedTerm, sampled, now, after, broken = [] }: Row): ProofLine {
  const between = broken.filter(({ when }) => when === 'between')
  const ends = CHECKS.filter((check) => !passes(after[check]) && after[check].why !== undefined)
  return {
    domain: displayName(domain),
    from: `${fromText(address, of)}${sampled === undefined ? '' : ' (sampled)'}`,
    cells: CHECKS.map((check) => ({ text: resultText(now[check], after[check]), result: after[check].result })),
    whys: [
      ...(servedTerm === undefined ? [] : [`no longer in the spec; the SPF served now has ${servedTerm}`]),
      ...ends.map((check) => `${CHECK_NAMES[check]}: ${after[check].why}`),
      ...between.map(
        ({ check, result, why, ...seen }) =>
          `${CHECK_NAMES[check]} in between, ${whileText(seen)}: ${result}${why === undefined ? '' : `, ${why}`}`,
      ),
    ],
  }
}

function resultText(now: Verdict, after: Verdict): string {
  return now.result === after.result ? after.result : `${now.result} → ${after.result}`
}

function fromText(address: string | undefined, of: string): string {
  if (address === undefined) return of
  return of === '' || of.startsWith(address) ? address : `${address} ${of}`
}

/** How much there is to see in a row. */
function severity({ now, after, broken = [] }: Row): number {
  const failing = CHECKS.filter((check) => !passes(after[check]) && after[check].result !== 'theirs').length
  const changing = CHECKS.filter((check) => now[check].result !== after[check].result).length
  return broken.length * 100 + failing * 10 + changing
}
