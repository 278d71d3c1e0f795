import { quoted } from '../../../cut.js'
import { labelsOf, type Name, withoutDot } from '../../../rr/name.js'
import { faultsText } from '../../reading.js'
import { readMacros } from '../domain-spec.js'
import {
  hasAll,
  heeded,
  isSpfValue,
  readSpf,
  type SpfDirective,
  type SpfQualifier,
  type SpfRecord,
} from '../read-spf.js'
import type { SpfDns } from './dns.js'
import { ask, countLookup, type Evaluation, failed, type SpfProblem } from './evaluation.js'
import { expand } from './expand.js'
import { explain } from './explain.js'
import { type HostTerm, matchesHost, matchesText } from './mechanism.js'
import { readSender, type SpfSender } from './sender.js'
import { fitName, targetName } from './target-name.js'
import type { SpfCheck, SpfRecordTrace, SpfResult, SpfTermTrace } from './trace.js'
import { macroValues } from './validated-names.js'

const RESULTS: Readonly<Record<SpfQualifier, SpfResult>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** What a record says, with the `exp` of the record that said it. */
interface Evaluated {
  readonly trace: SpfRecordTrace
  /** Where it says fail: of the record that `redirect` led to, never of one that is included (RFC 7208 §6.2). */
  readonly explanation?: { readonly text: string; readonly domain: Name }
}

/**
 * check_host() of RFC 7208 §4: whether a domain lets a client send. Throws a RangeError where `ip` is no address, and what
 * `dns` throws.
 */
export async function checkHost(sender: SpfSender, dns: SpfDns): Promise<SpfCheck> {
  const read = readSender(sender)
  if (!read) throw new RangeError(`${quoted(sender.ip)} is no IP address`)
  const evaluation: Evaluation = { sender: read, dns, lookups: 0, voids: 0 }
  const domain = targetName(read.domain)
  const { trace, explanation }: Evaluated =
    domain === undefined || labelsOf(domain).length < 2
      ? { trace: nothing(read.domain, 'none', `${quoted(read.domain)} is no domain name (RFC 7208 §4.3)`) }
      : await evaluate(domain, evaluation)
  const { lookups, voids } = evaluation
  const text = explanation && (await explain(explanation.text, explanation.domain, evaluation))
  return { result: trace.result, ...(text === undefined ? {} : { explanation: text }), lookups, voids, tree: trace }
}

async function evaluate(domain: Name, evaluation: Evaluation): Promise<Evaluated> {
  const answer = await ask(evaluation.dns, domain, 'TXT')
  if (answer.kind === 'failure') return { trace: problem(domain, failed(domain, 'TXT', answer.why)) }
  if (answer.kind !== 'answer') {
    const why = answer.kind === 'nxdomain' ? 'does not exist (RFC 7208 §4.3)' : 'has no TXT record (RFC 7208 §4.5)'
    return { trace: nothing(withoutDot(domain), 'none', `${withoutDot(domain)} ${why}`) }
  }
  const [record, ...others] = answer.records.filter(isSpfValue)
  if (record === undefined)
    return { trace: nothing(withoutDot(domain), 'none', `${withoutDot(domain)} has no SPF record (RFC 7208 §4.5)`) }
  if (others.length > 0) {
    const why = `${withoutDot(domain)} has ${others.length + 1} SPF records (RFC 7208 §4.5)`
    return { trace: nothing(withoutDot(domain), 'permerror', why) }
  }
  const { value, faults } = readSpf(record)
  if (value) return evaluateTerms(domain, record, value, evaluation)
  const why = faultsText(faults)
  return { trace: { ...nothing(withoutDot(domain), 'permerror', why), record } }
}

/** The record's terms from left to right, until one matches or ends in an error (RFC 7208 §4.6). */
async function evaluateTerms(
  domain: Name,
  text: string,
  record: SpfRecord,
  evaluation: Evaluation,
): Promise<Evaluated> {
  const terms: SpfTermTrace[] = []
  const end = (result: SpfResult, why?: string): Evaluated => ({
    trace: {
      domain: withoutDot(domain),
      record: text,
      result,
      ...(why === undefined ? {} : { why }),
      terms: [...terms, ...notReached(record, terms.length)],
    },
    ...(result === 'fail' && record.explanation !== undefined
      ? { explanation: { text: record.explanation, domain } }
      : {}),
  })
  for (const directive of heeded(record)) {
    const trace = await counted(evaluation, () => evaluateDirective(directive, domain, evaluation))
    terms.push(trace)
    if (trace.outcome === 'match') return end(RESULTS[directive.qualifier])
    if (trace.outcome !== 'no match') return end(trace.outcome as SpfResult, trace.why)
  }
  const { redirect } = record
  if (redirect === undefined) return end('neutral')
  let explanation: Evaluated['explanation']
  const trace = await counted(evaluation, async (): Promise<Term> => {
    const led = await follow(`redirect=${redirect}`, redirect, domain, evaluation)
    explanation = led.explanation
    if (led.term.outcome !== 'no match') return led.term
    const result = led.term.record?.result
    return result === 'temperror' || result === 'permerror'
      ? { ...led.term, outcome: result, why: led.term.record?.why ?? '' }
      : { ...led.term, outcome: 'match' }
  })
  terms.push(trace)
  const result = trace.outcome === 'match' ? trace.record?.result : (trace.outcome as SpfResult)
  const ended = end(result ?? 'permerror', trace.why)
  return { trace: ended.trace, ...(explanation ? { explanation } : {}) }
}

type Term = Omit<SpfTermTrace, 'lookups' | 'voids'>

/** A term with what it costs. */
async function counted(evaluation: Evaluation, run: () => Promise<Term>): Promise<SpfTermTrace> {
  const { lookups, voids } = evaluation
  const term = await run()
  return { ...term, lookups: evaluation.lookups - lookups, voids: evaluation.voids - voids }
}

async function evaluateDirective(directive: SpfDirective, domain: Name, evaluation: Evaluation): Promise<Term> {
  const { text } = directive
  if (directive.kind === 'all' || 'network' in directive)
    return { term: text, outcome: matchesText(directive, evaluation.sender.ip) ? 'match' : 'no match' }
  if (directive.kind === 'include') {
    const { term } = await follow(text, directive.domain ?? '', domain, evaluation)
    return term.outcome === 'no match' ? { ...term, ...meaningOfInclude(term.record) } : term
  }
  const spent = countLookup(evaluation)
  const target = directive.domain === undefined ? domain : await targetOf(directive.domain, domain, evaluation)
  const term = { term: text, ...(target === undefined ? {} : { target }) }
  if (spent) return { ...term, outcome: spent.error, why: `${text}: ${spent.why}` }
  const matched = await matchesHost(directive as HostTerm, target, evaluation)
  if (typeof matched === 'object') return { ...term, outcome: matched.error, why: `${text}: ${matched.why}` }
  return { ...term, outcome: matched ? 'match' : 'no match' }
}

/** The table of RFC 7208 §5.2. */
function meaningOfInclude(record: SpfRecordTrace | undefined): Pick<Term, 'outcome' | 'why'> {
  const { result = 'none', why = '' } = record ?? {}
  if (result === 'pass') return { outcome: 'match' }
  return result === 'permerror' || result === 'temperror' ? { outcome: result, why } : { outcome: 'no match' }
}

/** The record that `include` or `redirect` leads to; where there is none, that is a permerror (RFC 7208 §5.2, §6.1). */
async function follow(
  text: string,
  spec: string,
  domain: Name,
  evaluation: Evaluation,
): Promise<{ readonly term: Term; readonly explanation?: Evaluated['explanation'] }> {
  const spent = countLookup(evaluation)
  const target = await targetOf(spec, domain, evaluation)
  const head = { term: text, ...(target === undefined ? {} : { target }) }
  if (spent) return { term: { ...head, outcome: spent.error, why: `${text}: ${spent.why}` } }
  if (target === undefined || labelsOf(target).length < 2)
    return { term: { ...head, outcome: 'permerror', why: `${text} leads to no domain name (RFC 7208 §4.3)` } }
  const { trace, explanation } = await evaluate(target, evaluation)
  const section = text.toLowerCase().startsWith('redirect=') ? '§6.1' : '§5.2'
  if (trace.result === 'none')
    return {
      term: { ...head, outcome: 'permerror', why: `${text}: ${trace.why} (RFC 7208 ${section})`, record: trace },
    }
  return { term: { ...head, outcome: 'no match', record: trace }, explanation }
}

/** The name that a domain-spec means; undefined where its macros make it none. */
async function targetOf(spec: string, domain: Name, evaluation: Evaluation): Promise<Name | undefined> {
  const pieces = readMacros(spec)
  if ('fault' in pieces) return undefined
  return targetName(fitName(await expand(pieces, macroValues(domain, evaluation))))
}

function notReached(record: SpfRecord, done: number): SpfTermTrace[] {
  const modifiers = record.redirect === undefined || hasAll(record) ? [] : [`redirect=${record.redirect}`]
  const terms = [...record.directives.map(({ text }) => text), ...modifiers]
  return terms.slice(done).map((term) => ({ term, outcome: 'not reached', lookups: 0, voids: 0 }))
}

function nothing(domain: string, result: SpfResult, why: string): SpfRecordTrace {
  return { domain, result, why, terms: [] }
}

function problem(domain: Name, { error, why }: SpfProblem): SpfRecordTrace {
  return nothing(withoutDot(domain), error, why)
}
