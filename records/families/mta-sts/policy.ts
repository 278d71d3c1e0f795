import { sha256 } from '@noble/hashes/sha2.js'
import { joinName, type Name, withoutDot } from '../../rr/name.js'
import type { Domain, StsMode } from '../../spec.js'
import type { Field } from '../field-list.js'

/** An MTA-STS policy (RFC 8461 §3.2). */
export interface StsPolicy {
  readonly mode: StsMode
  /** Seconds that senders keep it. */
  readonly maxAge: number
  /** The hosts that mail may be given to: names without the last dot; `*.` before one stands for a label. */
  readonly mx: readonly string[]
  /** Fields that senders ignore. */
  readonly extensions: readonly Field[]
}

/** The longest time that senders keep a policy, in seconds: a year (RFC 8461 §3.2). */
export const MAX_AGE_LIMIT = 31_557_600

/** The name that senders fetch the policy of a domain from (RFC 8461 §3.3). */
export function policyHostName(domain: Name): Name {
  return joinName('mta-sts', domain)
}

/** The text of a policy, as `https://mta-sts.<domain>/.well-known/mta-sts.txt` has it. */
export function writeStsPolicy({ mode, maxAge, mx, extensions }: StsPolicy): string {
  const lines = [
    'version: STSv1',
    `mode: ${mode}`,
    ...mx.map((pattern) => `mx: ${pattern}`),
    `max_age: ${maxAge}`,
    ...extensions.map(({ name, value }) => `${name}: ${value}`),
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

/** The policy text of a domain; undefined where it has none, or somebody else keeps it. */
export function policyText({ mtaSts, mail, mx }: Domain): string | undefined {
  if (mtaSts === false || 'id' in mtaSts.policy) return undefined
  const { mode, maxAge } = mtaSts.policy
  const targets = mail === 'normal' && Array.isArray(mx) && mode !== 'none' ? mx : []
  // In order of their names: another preference is no other policy.
  const patterns = [...new Set(targets.map(({ host }) => withoutDot(host)))].sort()
  return writeStsPolicy({ mode, maxAge: maxAge.value, mx: patterns, extensions: [] })
}

const ID_LENGTH = 20

/** The id of a policy: it changes when the text does, and only then (RFC 8461 §3.1). Hexadecimal digits of its SHA-256. */
export function policyId(text: string): string {
  return Buffer.from(sha256(Buffer.from(text)))
    .toString('hex')
    .slice(0, ID_LENGTH)
}
