/** What receivers check of a message, in the order in which they do. */
export const CHECKS = ['fcrdns', 'spf', 'dkim', 'dmarc'] as const
export type Check = (typeof CHECKS)[number]

/** As people know them. */
export const CHECK_NAMES: Readonly<Record<Check, string>> = {
  fcrdns: 'FCrDNS',
  spf: 'SPF',
  dkim: 'DKIM',
  dmarc: 'DMARC',
}

/**
 * How a check ends. `key`: the record of the key that signs is sound, and the right one as far as the spec knows it, and its private
 * half is not here to sign with. `theirs`: it is what the relay that sends has of its own. `unknown`: DNS gave no answer.
 */
export type Result = 'pass' | 'key' | 'softfail' | 'neutral' | 'fail' | 'permerror' | 'none' | 'theirs' | 'unknown'

export interface Verdict {
  readonly result: Result
  /** Why it is no pass. */
  readonly why?: string
}

export type Verdicts = Readonly<Record<Check, Verdict>>

/** `while a. TXT is still as it was`: the moment between old and new at which a check would end otherwise. */
export function whileText({
  old = [],
  midway,
}: {
  readonly old?: readonly string[]
  readonly midway?: string
}): string {
  return [
    ...(midway === undefined ? [] : [`while only some of what ${midway} depends on is written`]),
    ...(old.length === 0 ? [] : [`while ${old.join(' and ')} is still as it was`]),
  ].join(', and ')
}

/** Whether a check ends well, as far as can be seen from here. */
export function passes({ result }: Verdict): boolean {
  return result === 'pass' || result === 'key'
}

/** Whether it is a relay that sends. */
export function isRelayed({ fcrdns }: Pick<Verdicts, 'fcrdns'>): boolean {
  return fcrdns.result === 'theirs'
}
