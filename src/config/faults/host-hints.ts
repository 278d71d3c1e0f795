import type { SpecPath } from '../../../records/finding.js'
import { isNo, isPlain, isYes } from './yaml-words.js'

/** What to write instead of a value of the wrong kind, at a host or at one of its keys. */
export function hostHint(path: SpecPath, value: unknown): string | undefined {
  const [, , key] = path
  if (path.length === 2) return addressesHint(value)
  if (path.length > 3) return undefined
  if (key === 'reverse') return reverseHint(value)
  const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  return (key === 'addresses' || key === 'egress') && isEmpty
    ? `write a list, ${key}: [192.0.2.10], or leave ${key} out`
    : undefined
}

function addressesHint(value: unknown): string | undefined {
  if (value === null) return 'write { addresses: [192.0.2.10] }, with its own'
  const addresses = Array.isArray(value) ? value : [value]
  return addresses.length > 0 && addresses.every(isPlain) ? `write { addresses: [${addresses.join(', ')}] }` : undefined
}

/** For what is no word of `reverse`; `yes` and `no` are the words of other tools. */
export function reverseHint(value: unknown): string | undefined {
  if (isNo(value)) return 'write false'
  return value === null || isYes(value)
    ? 'leave reverse out: it is auto then, the zone of the spec that covers the address, or else a step by hand'
    : undefined
}
