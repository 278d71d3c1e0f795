import { compareNames, type Name } from '../../records/rr/name.js'

/**
 * How a check ends. `warn`: mail flows, and something deserves a look. `fail`: receivers refuse mail or lose it, or DNS is not as the
 * spec says. `unknown`: it could not be found out.
 */
export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown'

/** Worst first. */
export const VERDICTS: readonly Verdict[] = ['fail', 'unknown', 'warn', 'pass']

/** What is checked, and where it is explained. */
export const CHECKS = {
  'delegation-agrees': { topic: 'delegation', explained: 'RFC 1034 §4.2.2' },
  'delegation-answers': { topic: 'delegation', explained: 'RFC 1912 §2.8' },
  'delegation-provider': { topic: 'delegation', explained: 'RFC 1034 §4.2.1' },
  'record-served': { topic: 'records', explained: 'RFC 2181 §5' },
  'record-at-resolver': { topic: 'records', explained: 'RFC 2308 §5' },
  mx: { topic: 'MX', explained: 'RFC 5321 §5.1' },
  'mx-target': { topic: 'MX', explained: 'RFC 2181 §10.3' },
  'null-mx': { topic: 'MX', explained: 'RFC 7505 §3' },
  fcrdns: { topic: 'reverse DNS', explained: 'RFC 8601 §3' },
  'reverse-name': { topic: 'reverse DNS', explained: 'RFC 1912 §2.1' },
  'spf-record': { topic: 'SPF', explained: 'RFC 7208 §4.5' },
  'spf-present': { topic: 'SPF', explained: 'RFC 7208 §3' },
  'spf-sender': { topic: 'SPF', explained: 'RFC 7208 §2.4' },
  'spf-helo': { topic: 'SPF', explained: 'RFC 7208 §2.3' },
  'dkim-key': { topic: 'DKIM', explained: 'RFC 6376 §3.6.1' },
  'dkim-private': { topic: 'DKIM', explained: 'RFC 6376 §5.2' },
  'dkim-present': { topic: 'DKIM', explained: 'RFC 6376 §3.6.2' },
  dmarc: { topic: 'DMARC', explained: 'RFC 9989 §4.10' },
  'dmarc-present': { topic: 'DMARC', explained: 'RFC 9989 §4.10' },
  'dmarc-reports': { topic: 'DMARC', explained: 'RFC 9990 §4' },
  'mta-sts': { topic: 'MTA-STS', explained: 'RFC 8461 §3.1' },
  'mta-sts-policy': { topic: 'MTA-STS', explained: 'RFC 8461 §3.3' },
  'mta-sts-mx': { topic: 'MTA-STS', explained: 'RFC 8461 §4.1' },
  'tls-rpt': { topic: 'TLS-RPT', explained: 'RFC 8460 §3' },
  tlsa: { topic: 'DANE', explained: 'RFC 7672 §3.1' },
  'tlsa-dnssec': { topic: 'DANE', explained: 'RFC 7672 §2.2' },
  'tlsa-certificate': { topic: 'DANE', explained: 'RFC 7671 §5' },
  caa: { topic: 'CAA', explained: 'RFC 8659 §3' },
  leftover: { topic: 'leftovers', explained: 'RFC 1912 §2.4' },
  'smtp-outbound': { topic: 'SMTP', explained: 'RFC 5321 §3.1' },
  'smtp-greeting': { topic: 'SMTP', explained: 'RFC 5321 §4.3.1' },
  'smtp-starttls': { topic: 'SMTP', explained: 'RFC 3207 §4' },
  'smtp-certificate': { topic: 'SMTP', explained: 'RFC 8461 §4.2' },
  'smtp-relay': { topic: 'SMTP', explained: 'RFC 2505 §2.1' },
  'smtp-submission': { topic: 'SMTP', explained: 'RFC 8314 §3.3' },
  'message-spf': { topic: 'a message', explained: 'RFC 7208 §2.6' },
  'message-dkim': { topic: 'a message', explained: 'RFC 6376 §6.1' },
  'message-dmarc': { topic: 'a message', explained: 'RFC 9989 §5.3' },
  blocklist: { topic: 'blocklists', explained: 'RFC 5782 §2.1' },
} as const

export type CheckId = keyof typeof CHECKS

/** What a check is about. */
export interface Subject {
  readonly kind: 'zone' | 'domain' | 'host' | 'address'
  /** A name with its dot, or an address. */
  readonly name: string
}

/** One check, and how it ended. */
export interface Check {
  readonly id: CheckId
  readonly subject: Subject
  readonly verdict: Verdict
  /** `_dmarc.example.com. TXT at its name servers`. */
  readonly asked: string
  /** In words. */
  readonly seen: string
  /** What to do; absent where nothing is to be done. */
  readonly todo?: string
  /** RFC section. */
  readonly explained: string
}

/** Says how one check about a subject ended. */
export interface Judge {
  pass(seen: string): Check
  warn(seen: string, todo: string): Check
  fail(seen: string, todo: string): Check
  unknown(seen: string, todo?: string): Check
}

/** @param explained the section, where it is another than that of most of these checks */
export function judge(id: CheckId, subject: Subject, asked: string, explained: string = CHECKS[id].explained): Judge {
  const ended = (verdict: Verdict, seen: string, todo?: string): Check => ({
    id,
    subject,
    verdict,
    asked,
    seen,
    ...(todo === undefined ? {} : { todo }),
    explained,
  })
  return {
    pass: (seen) => ended('pass', seen),
    warn: (seen, todo) => ended('warn', seen, todo),
    fail: (seen, todo) => ended('fail', seen, todo),
    unknown: (seen, todo) => ended('unknown', seen, todo),
  }
}

export const ofDomain = (name: Name): Subject => ({ kind: 'domain', name })
export const ofHost = (name: Name): Subject => ({ kind: 'host', name })
export const ofZone = (name: Name): Subject => ({ kind: 'zone', name })
export const ofAddress = (name: string): Subject => ({ kind: 'address', name })

/** The order of checks that people read: the worst first, then by subject. */
export function worstFirst(a: Check, b: Check): number {
  return (
    VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
    compareSubjects(a.subject.name, b.subject.name) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

function compareSubjects(a: string, b: string): number {
  return a.endsWith('.') && b.endsWith('.') ? compareNames(a as Name, b as Name) : a < b ? -1 : a > b ? 1 : 0
}
