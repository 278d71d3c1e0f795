import { sameReading } from '../reading.js'
import { heeded, readSpf, type SpfAllTerm, type SpfLookupTerm, type SpfRecord } from './read-spf.js'

/**
 * Whether two SPF records give every sender the same answer, whatever DNS holds: spelling, prefix lengths in full, what
 * stands after `all`, unknown modifiers, addresses that are there twice or in another order among themselves mean nothing.
 * Everything that is looked up keeps its place, as it may end the evaluation in an error (RFC 7208 §4.6.2).
 */
export function sameSpf(a: string, b: string): boolean {
  return sameReading([a, b], readSpf, meaningOf)
}

function meaningOf(record: SpfRecord): string {
  const known = new Set<string>()
  const terms: string[] = []
  let run: string[] = []
  let sign = ''
  const close = (): void => {
    terms.push(...run.sort())
    run = []
  }
  for (const directive of heeded(record)) {
    if ('network' in directive) {
      const network = `${directive.kind}:${directive.network}/${directive.bits}`
      if (known.has(network)) continue
      known.add(network)
      if (directive.qualifier !== sign) close()
      sign = directive.qualifier
      run.push(`${sign}${network}`)
    } else {
      close()
      terms.push(termOf(directive))
    }
  }
  close()
  const isComplete = terms.at(-1)?.slice(1) === 'all'
  const end = record.redirect === undefined ? '?all' : `redirect=${spelt(record.redirect)}`
  const explanation = record.explanation === undefined ? '' : ` exp=${spelt(record.explanation)}`
  return `${[...terms, ...(isComplete ? [] : [end])].join(' ')}${explanation}`
}

function termOf(directive: SpfAllTerm | SpfLookupTerm): string {
  const head = `${directive.qualifier}${directive.kind}`
  if (directive.kind === 'all') return head
  const { domain, bits4 = 32, bits6 = 128 } = directive
  return `${head}${domain === undefined ? '' : `:${spelt(domain)}`}/${bits4}//${bits6}`
}

/** A name with macros stays as it is: `%{S}` is not `%{s}` (RFC 7208 §7.3). */
function spelt(domain: string): string {
  if (domain.includes('%')) return domain
  const lower = domain.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}
