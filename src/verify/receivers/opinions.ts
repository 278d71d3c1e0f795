import { groupBy } from '../../../records/group.js'
import type { Check, CheckId } from '../check.js'
import type { CheckedDomain } from '../subjects/scope.js'
import { type Need, type Receiver, receivers, type Wanted } from './receivers.js'

/** Whether a receiver would take mail of a domain, by its published rules. `bulk`: only as long as it is little. */
export interface Opinion {
  readonly receiver: string
  readonly takes: 'yes' | 'not in bulk' | 'no' | 'unknown'
  /** What it lacks and why, or what is not known; empty where it takes all. */
  readonly why: readonly string[]
  readonly documentation: string
  readonly asOf: string
}

interface Met {
  readonly verdict: 'pass' | 'fail' | 'unknown'
  readonly why: string
}

/** Prepares what receivers make of a domain, from checks that have ended. */
export function opinionsFrom(checks: readonly Check[]): (domain: CheckedDomain) => Opinion[] {
  const bySubject = groupBy(checks, ({ subject }) => subject.name)
  const at = (name: string, ...ids: CheckId[]): Check[] =>
    (bySubject.get(name) ?? []).filter(({ id }) => ids.includes(id))
  return ({ name, senders }) => {
    const spf = met('SPF', at(name, 'spf-record', 'spf-sender'), at(name, 'spf-present'))
    const dkim = met(
      'DKIM',
      at(name, 'dkim-present').filter(({ verdict }) => verdict === 'pass'),
      [...at(name, 'dkim-present'), ...at(name, 'dkim-key')],
    )
    const reverse = senders.flatMap(({ address }) => at(address, 'fcrdns'))
    const needs: Record<Need, Met> = {
      // Where only relays send, the addresses are theirs, and so are the names.
      'reverse DNS': senders.length === 0 ? { verdict: 'pass', why: '' } : met('reverse DNS', reverse, []),
      SPF: spf,
      DKIM: dkim,
      'SPF or DKIM': either(spf, dkim),
      DMARC: met('DMARC', at(name, 'dmarc'), at(name, 'dmarc-present')),
    }
    return receivers.map((receiver) => opinionOf(receiver, needs))
  }
}

/** What is there is met unless one of it fails; where nothing is, `lacking` says why. */
function met(what: string, there: readonly Check[], lacking: readonly Check[]): Met {
  const checks = there.length > 0 ? there : lacking
  const worst = checks.find(({ verdict }) => verdict === 'fail') ?? checks.find(({ verdict }) => verdict === 'unknown')
  if (there.length > 0 && worst === undefined) return { verdict: 'pass', why: '' }
  const [first] = worst ? [worst] : checks
  const of = first?.subject.kind === 'address' ? ` of ${first.subject.name}` : ''
  return {
    verdict: worst?.verdict === 'unknown' ? 'unknown' : 'fail',
    why: `${what}${of}: ${first?.seen ?? 'there is none'}`,
  }
}

/** One of two is enough; where the one fails, all depends on the other. */
function either(one: Met, other: Met): Met {
  const passing = [one, other].find(({ verdict }) => verdict === 'pass')
  const unknown = [one, other].find(({ verdict }) => verdict === 'unknown')
  return passing ?? unknown ?? { verdict: 'fail', why: `${one.why}; ${other.why}` }
}

function opinionOf({ name, always, inBulk, documentation, asOf }: Receiver, needs: Record<Need, Met>): Opinion {
  const common = { receiver: name, documentation, asOf }
  const lacking = (wanted: readonly Wanted[], verdict: Met['verdict']): string[] =>
    wanted
      .filter(({ need }) => needs[need].verdict === verdict)
      .map(({ need, reply }) => `${needs[need].why}${reply === undefined ? '' : ` (${reply})`}`)
  const refused = lacking(always, 'fail')
  if (refused.length > 0) return { ...common, takes: 'no', why: refused }
  const unknownOf = (wanted: readonly Wanted[]): Need[] => {
    const unknown = new Set(wanted.map(({ need }) => need).filter((need) => needs[need].verdict === 'unknown'))
    if (unknown.has('SPF') || unknown.has('DKIM')) unknown.delete('SPF or DKIM')
    return [...unknown]
  }
  const unknown = unknownOf([...always, ...inBulk])
  const limited = lacking(inBulk, 'fail')
  // Who does not know whether a little mail is taken cannot say that only much is refused.
  if (limited.length > 0 && unknownOf(always).length === 0) return { ...common, takes: 'not in bulk', why: limited }
  return unknown.length > 0 ? { ...common, takes: 'unknown', why: unknown } : { ...common, takes: 'yes', why: [] }
}
