import type { SpecPath } from '../../../../records/finding.js'
import { relayNamed } from '../../../../records/relays/index.js'
import type { Relay } from '../../../../records/relays/relay.js'
import { isInNetwork } from '../../../../records/rr/address.js'
import { displayName, type Name, withoutDot } from '../../../../records/rr/name.js'
import type { Domain } from '../../../../records/spec.js'
import { passes, type ReportRow } from '../report.js'
import { adviseHost } from './advise-host.js'
import { relayOf, useOf } from './relay-marks.js'
import { isAligned, type SpecView } from './spec-view.js'
import type { Advice, Verdict } from './verdict.js'

/** Says whose the messages of one record are. Pure. @param domain that of the spec whose mail they claim to be */
export function judgeRow(row: ReportRow, domain: Domain, view: SpecView): Verdict {
  const host = view.hostAt(row.source)
  if (host) return { kind: ours(row), who: displayName(host.name), advice: adviseHost(row, host, domain, view) }
  if (domain.spf !== false && domain.spf.addresses.some((network) => isInNetwork(row.source, network)))
    return {
      kind: ours(row),
      who: `${row.source} (spf.addresses)`,
      advice: passes(row) ? [] : [unsignedAdvice(domain)],
    }
  const key = passingKey(row, domain, view)
  if (key?.holder === 'ours' && !row.spf) return { kind: 'forwarded', who: forwarder(row), advice: [] }
  const relay = relayOf(row)
  if (relay && key) return { kind: 'ours', who: relay.title, relay, advice: [] }
  if (relay) return ofRelay(row, domain, relay)
  if (passes(row)) return ofPassing(row, domain, key?.from)
  if (row.reasons.some((reason) => reason === 'forwarded' || reason === 'trusted_forwarder'))
    return { kind: 'forwarded', who: forwarder(row), advice: [] }
  if (row.reasons.includes('mailing_list') || isChanged(row, domain, view))
    return { kind: 'list', who: forwarder(row), advice: [] }
  return { kind: 'stranger', who: row.source, advice: [] }
}

function ours(row: ReportRow): 'ours' | 'failing' {
  return passes(row) ? 'ours' : 'failing'
}

/** The key of the spec with which an aligned signature passes. */
function passingKey(row: ReportRow, domain: Domain, view: SpecView) {
  if (!row.dkim) return undefined
  const selectors = row.signatures
    .filter((one) => one.result === 'pass' && isAligned(one.domain, row.headerFrom))
    .map(({ selector }) => selector)
  return selectors.map((selector) => view.keyAt(domain, selector)).find((found) => found !== undefined)
}

/** A signature of ours that no longer holds, and something else that does, as whoever changed the mail says who they are. */
function isChanged({ signatures, spfResults, headerFrom }: ReportRow, domain: Domain, view: SpecView): boolean {
  const isOurs = signatures.some(
    (one) => isAligned(one.domain, headerFrom) && one.result !== 'pass' && view.keyAt(domain, one.selector),
  )
  return isOurs && [...signatures, ...spfResults].some(({ result }) => result === 'pass')
}

function ofRelay(row: ReportRow, domain: Domain, relay: Relay): Verdict {
  const use = useOf(relay, domain)
  const of = { who: relay.title, relay }
  if (use !== undefined && passes(row)) return { ...of, kind: 'ours', advice: [] }
  const name = displayName(row.headerFrom)
  if (use !== undefined)
    return {
      ...of,
      kind: 'failing',
      advice: [
        {
          message: `it sends with neither a signature nor an envelope of ${name}`,
          hint: `finish setting it up there; \`mailsync relays ${relay.name}\` says what it needs`,
          from: use,
        },
      ],
    }
  return {
    ...of,
    kind: 'unlisted',
    advice: [
      {
        message: passes(row)
          ? 'its records are in DNS and not in the spec'
          : `its mail is not authenticated as ${name}`,
        hint: `if it is yours, add it; \`mailsync relays ${relay.name}\` says where to find what it needs`,
        from: domain.from,
      },
    ],
  }
}

/** What passes and is none of our hosts, nor of a relay that is known. */
function ofPassing(row: ReportRow, domain: Domain, key: SpecPath | undefined): Verdict {
  const holder = key && relayWithKey(key)
  if (holder !== undefined && !row.spf) return { kind: 'forwarded', who: forwarder(row), advice: [] }
  if (key) return { kind: 'ours', who: holder ?? `signed with ${key.at(-1)}, a key of others`, advice: [] }
  const signature = row.signatures.find(({ result, domain: d }) => result === 'pass' && isAligned(d, row.headerFrom))
  if (row.spf) {
    const lets = domain.spf !== false && letsOthers(domain.spf)
    if (lets) return { kind: 'ours', who: 'others that its SPF lets send', advice: [] }
    const message = `SPF of ${withoutDot(row.headerFrom)} in DNS lets it send, and the spec does not name it`
    const hint =
      'if it is yours, name it: its addresses under hosts: and its name under spf.hosts, or an address alone under spf.addresses'
    return { kind: 'unlisted', who: row.source, advice: [{ message, hint, from: domain.from }] }
  }
  if (!signature?.selector) return { kind: 'forwarded', who: forwarder(row), advice: [] }
  const place = `${signature.selector}._domainkey.${signature.domain}`
  return {
    kind: 'unlisted',
    who: `signs with ${signature.selector}`,
    advice: [
      {
        message: `it signs with the key at ${place}, which is not in the spec`,
        hint: `if it is yours, write the key below dkim.keys: ${signature.selector}: { cname: … } or { txt: … }`,
        from: domain.from,
      },
    ],
  }
}

function letsOthers({ include, flatten, terms, all }: Exclude<Domain['spf'], false>): boolean {
  return include.length + flatten.length + terms.length > 0 || typeof all !== 'string'
}

/** The relay under which the spec has a key: `domains, example.com, relays, google`. */
function relayWithKey([, , part, name]: SpecPath): string | undefined {
  return part === 'relays' && name !== undefined ? (relayNamed(String(name))?.title ?? String(name)) : undefined
}

function unsignedAdvice({ name, from }: Domain): Advice {
  return {
    message: `neither its SPF nor a signature passes for ${displayName(name)}`,
    hint: 'have it send with an address of the domain in the envelope, or sign with a key of the domain',
    from,
  }
}

/** Who passed the mail on: what passes there tells, else the address. */
function forwarder({ spfResults, signatures, headerFrom, source }: ReportRow): string {
  const other = [...spfResults, ...signatures].find(
    ({ domain, result }) => result === 'pass' && domain !== '' && !isAligned(domain, headerFrom as Name),
  )
  return other?.domain ?? source
}
