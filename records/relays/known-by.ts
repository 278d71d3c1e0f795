import { type Name, withoutDot } from '../rr/name.js'
import type { HeldKey } from '../spec.js'
import { relays } from './index.js'
import type { KeyTemplate, Relay } from './relay.js'
import { relayRecords } from './relay-records.js'
import { matched } from './template.js'

/** The relay that an include stands for, by its name without the last dot, be it one that has no effect. */
export function relayOfInclude(include: string): Relay | undefined {
  return relays.find(
    (relay) =>
      relay.otherSpf.includes(include) ||
      (relay.spf !== undefined && matched(relay.spf, include, relay, '') !== undefined),
  )
}

/** The relays one of whose servers this is, such as `smtp.gmail.com`; the likeliest first. */
export function relaysOfServer(host: string): Relay[] {
  return relays.filter(({ servers }) => servers.some((server) => host === server || host.endsWith(`.${server}`)))
}

/** The domain whose SPF people include for a relay, where nothing else is told of it. */
export function includeFor(relay: Relay): string | undefined {
  return relayRecords(relay, { told: {}, domain: '', receives: false }).include ?? relay.otherSpf[0]
}

/** Whether nothing has to be told for a domain to send through it. */
export function needsNothing(relay: Relay): boolean {
  return relayRecords(relay, { told: {}, domain: '', receives: false }).missing.length === 0
}

/** The relay whose a DKIM key of a domain is, as far as the name tells that it leads to, or a selector that is the relay's alone. */
export function relayOfKey(
  { selector, record }: Pick<HeldKey, 'selector' | 'record'>,
  domain: Name,
): Relay | undefined {
  const at = withoutDot(domain)
  const isOf = (key: KeyTemplate, relay: Relay): boolean =>
    'cname' in key
      ? 'cname' in record && matched(key.cname, withoutDot(record.cname), relay, at) !== undefined
      : key.isOwn === true && 'txt' in record && matched(key.selector, selector, relay, at) !== undefined
  return relays.find((relay) => relay.dkim.some((keys) => keys.some((key) => isOf(key, relay))))
}
