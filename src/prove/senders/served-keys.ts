import { nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { relayOfKey } from '../../../records/relays/known-by.js'
import type { Name } from '../../../records/rr/name.js'
import { beforeOf, rdataTexts } from '../../../records/rr/rrset.js'
import type { MailSpec } from '../../../records/spec.js'
import type { SpecMailing } from '../mailing.js'
import type { OrderedChange } from '../ordered-changes.js'

export interface ServedKeysInput {
  readonly spec: Pick<MailSpec, 'domains'>
  /** Ours: what is done with them is known. */
  readonly keys: readonly RingKey[]
  /** Chosen domains; all where none is. */
  readonly chosen: readonly Name[]
  readonly changes: readonly OrderedChange[]
}

/**
 * Mail that somebody else signs with a key that a plan takes away: one that the spec does not have any more, and that is none
 * of ours. Where it comes from is not known.
 */
export function servedKeyMailings({ spec, keys, chosen, changes }: ServedKeysInput): SpecMailing[] {
  const ours = new Set(keys.map(nameOfKey))
  const held = new Set(
    spec.domains.flatMap(({ name, heldKeys }) => heldKeys.map(({ selector }) => nameOfKey({ selector, domain: name }))),
  )
  return changes.flatMap(({ change }): SpecMailing[] => {
    const before = beforeOf(change)
    if (before?.type !== 'TXT' && before?.type !== 'CNAME') return []
    const [selector, domain] = before.name.split('._domainkey.') as [string, Name | undefined]
    if (domain === undefined || (chosen.length > 0 && !chosen.includes(domain))) return []
    const [value = ''] = rdataTexts(before)
    if ([before.name, value].some((name) => ours.has(name as Name)) || held.has(before.name)) return []
    const record = before.type === 'CNAME' ? { cname: value as Name } : { txt: value }
    return [
      {
        domain,
        sender: { result: 'unknown', why: 'its envelope is not known' },
        of: relayOfKey({ selector, record }, domain)?.title ?? `whoever signs with ${selector}`,
        messages: [{ signer: { domain, selector, key: {} }, text: undefined }],
        isRelayed: true,
      },
    ]
  })
}
