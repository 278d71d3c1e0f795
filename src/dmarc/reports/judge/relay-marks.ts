import { relays } from '../../../../records/relays/index.js'
import { relayOfInclude } from '../../../../records/relays/known-by.js'
import type { Relay } from '../../../../records/relays/relay.js'
import { type Name, withoutDot } from '../../../../records/rr/name.js'
import type { Domain } from '../../../../records/spec.js'
import type { ReportRow } from '../report.js'

/**
 * Domains of relays that are in the envelope or the signatures of what their customers send, beside those of their servers. No
 * relay publishes a list of them: these are the ones commonly met, and a relay by a domain that is not here counts as a stranger.
 */
const MORE_MARKS: Readonly<Record<string, readonly string[]>> = {
  google: ['gappssmtp.com'],
  microsoft: ['onmicrosoft.com'],
  fastmail: ['messagingengine.com'],
  mailchimp: ['mcdlv.net', 'rsgsv.net'],
  brevo: ['mailin.fr'],
}

/** The relay that sent these messages, as far as their signatures and envelope tell: somebody passed as one of its domains. */
export function relayOf({ signatures, spfResults, headerFrom }: ReportRow): Relay | undefined {
  const passed = [...signatures, ...spfResults].filter(({ result }) => result === 'pass').map(({ domain }) => domain)
  return relays.find((relay) => passed.some((domain) => isMarkOf(relay, domain, headerFrom)))
}

/**
 * The servers of a relay with mailboxes are those of everybody's mailboxes: that mail passes there says that somebody forwarded
 * it or wrote it with an account of their own, not that the domain sends through them.
 */
function isMarkOf({ name, servers, mx }: Relay, domain: string, headerFrom: Name): boolean {
  const marks = [...(mx?.usual ? [] : servers), ...(MORE_MARKS[name] ?? [])]
  const mark = marks.find((one) => domain === one || domain.endsWith(`.${one}`))
  // Google names the domain of its customer there: example-com.20230601.gappssmtp.com.
  return mark === 'gappssmtp.com'
    ? domain.startsWith(`${withoutDot(headerFrom).replaceAll('.', '-')}.`)
    : mark !== undefined
}

/** Where the spec lets a relay send for a domain: its entry under `relays`, or the include of its SPF. */
export function useOf(relay: Relay, { relays: used, spf }: Domain) {
  const names = relay.name === 'amazon-ses' ? ['amazon-ses', 'resend'] : [relay.name]
  const entry = used.find((one) => names.includes(one.relay))
  if (entry) return entry.from
  const includes = spf === false ? [] : [...spf.include, ...spf.flatten]
  return includes.find(({ value }) => relayOfInclude(withoutDot(value)) === relay)?.from
}
