import { readDkim } from '../../../records/families/dkim/read-dkim.js'
import type { SpfDns } from '../../../records/families/spf/evaluate/dns.js'
import type { SpfSender } from '../../../records/families/spf/evaluate/sender.js'
import type { SpecPath } from '../../../records/finding.js'
import { relayNamed } from '../../../records/relays/index.js'
import { relayOfInclude, relayOfKey } from '../../../records/relays/known-by.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import type { Domain, HeldKey, MailSpec, RelayUse } from '../../../records/spec.js'
import type { SpecMailing } from '../mailing.js'
import type { SignedMessage } from '../signed-domain.js'
import type { Verdict } from '../verdict.js'
import { servedSenders } from './served-senders.js'

/** Somebody else who sends for a domain: its envelope and its keys are as the spec has them. */
interface RelaySource {
  readonly of: string
  /** What stands after the `@` in its envelope, and the name whose SPF says where it sends from; absent: the envelope is its own. */
  readonly envelope?: { readonly domain: Name; readonly spf: Name }
  readonly keys: readonly HeldKey[]
}

/** The inputs whose name is a domain for bounces; the other names of relays are of links and clients. */
const ENVELOPES: ReadonlySet<unknown> = new Set(['mail_from', 'return_path', 'bounce'])

const OWN_ENVELOPE: Verdict = {
  result: 'theirs',
  why: 'the sender in the envelope is the relay itself, so it does not align',
}

/**
 * Mail that relays of a domain send for it: from one of the addresses that their SPF lets in, signed with their keys, of which
 * only the records can be judged.
 *
 * @param views DNS in which that address is looked for, one after the other
 */
export function relayMailings(
  spec: Pick<MailSpec, 'domains'>,
  views: readonly SpfDns[],
): (domain: Domain) => Promise<SpecMailing[]> {
  const known = new Map<Name, Promise<string | Verdict>>()
  const addressIn = (name: Name): Promise<string | Verdict> => {
    const found = known.get(name) ?? representative(name, views)
    known.set(name, found)
    return found
  }
  const senderOf = async (envelope: RelaySource['envelope']): Promise<SpfSender | Verdict> => {
    if (envelope === undefined) return OWN_ENVELOPE
    const { domain, spf } = envelope
    const ip = await addressIn(spf)
    return typeof ip === 'string' ? { ip, mailFrom: `postmaster@${withoutDot(domain)}`, helo: withoutDot(spf) } : ip
  }
  return (domain) =>
    Promise.all(
      relaySources(domain, spec).map(async ({ of, envelope, keys }): Promise<SpecMailing> => {
        const messages = heldMessages(domain.name, keys)
        return { domain: domain.name, sender: await senderOf(envelope), of, messages, isRelayed: true }
      }),
    )
}

/** The messages of a domain that somebody else signs. */
export function heldMessages(domain: Name, keys: readonly HeldKey[]): SignedMessage[] {
  return keys
    .filter(({ selector }) => selector !== '*')
    .map(({ selector, record }) => ({
      signer: { domain, selector, key: 'txt' in record ? { publicKey: readDkim(record.txt).value?.publicKey } : {} },
      text: undefined,
    }))
}

/** The keys of a domain that no relay of it is known to hold. */
export function keysOfNobody({ name, heldKeys }: Pick<Domain, 'name' | 'heldKeys'>): HeldKey[] {
  return heldKeys.filter((key) => key.from[2] !== 'relays' && relayOfKey(key, name) === undefined)
}

/** Whether the name is one at which a relay takes bounces: no mail is from it. */
export function isBounceName({ from }: Pick<Domain, 'from'>): boolean {
  return from[2] === 'relays'
}

function includesOf({ spf }: Pick<Domain, 'spf'>): Name[] {
  return spf === false ? [] : [...spf.include, ...spf.flatten].map(({ value }) => value)
}

/** The includes of a domain whose SPF is in the spec too: it names senders of ours. */
export function includedOf(domain: Pick<Domain, 'spf'>, { domains }: Pick<MailSpec, 'domains'>): Name[] {
  return includesOf(domain).filter((include) => domains.some(({ name }) => name === include))
}

function relaySources(domain: Domain, spec: Pick<MailSpec, 'domains'>): RelaySource[] {
  const { name, relays: used } = domain
  const own = includedOf(domain, spec)
  const includes = includesOf(domain).filter((include) => !own.includes(include))
  const relayAt = new Map(includes.map((include) => [include, relayOfInclude(withoutDot(include))]))
  const isUsed = (include: Name): boolean => used.some(({ relay }) => relay === relayAt.get(include)?.name)
  const named = used.map((use): RelaySource => {
    const relay = relayNamed(use.relay)
    const include = includes.find((one) => relay?.spf !== undefined && relayAt.get(one) === relay)
    const envelope = include === undefined ? bounceEnvelope(use, spec) : { domain: name, spf: include }
    const keys = domain.heldKeys.filter((key) => isBelow(key.from, use.from) || relayOfKey(key, name) === relay)
    return { of: relay?.title ?? use.relay, keys, ...(envelope && { envelope }) }
  })
  // Of a key that stands alone it is not known who signs with it, unless a server of ours tells its keys.
  const open = domain.keySource === undefined ? keysOfNobody(domain) : []
  const written = includes
    .filter((include) => !isUsed(include))
    .map((include): RelaySource => {
      const relay = relayAt.get(include)
      const keys = domain.heldKeys.filter((key) => relay !== undefined && relayOfKey(key, name) === relay)
      return {
        of: relay?.title ?? `include:${withoutDot(include)}`,
        envelope: { domain: name, spf: include },
        keys: keys.length > 0 ? keys : open,
      }
    })
  return [...named, ...written]
}

/** The name below the domain at which the relay takes bounces: a domain of its own, or a CNAME of one of the relay's. */
function bounceEnvelope({ from, aliases }: RelayUse, { domains }: Pick<MailSpec, 'domains'>): RelaySource['envelope'] {
  const bounce = domains.find((one) => isBelow(one.from, from))
  if (bounce?.spf) return { domain: bounce.name, spf: bounce.spf.include[0]?.value ?? bounce.name }
  const alias = aliases.find((one) => ENVELOPES.has(one.from.at(-1)))
  return alias && { domain: alias.name, spf: alias.name }
}

function isBelow(path: SpecPath, above: SpecPath): boolean {
  return above.every((part, index) => path[index] === part)
}

/** The first address that the SPF at a name lets in, of IPv4 where there is one; the verdict of SPF where none can be told. */
async function representative(name: Name, views: readonly SpfDns[]): Promise<string | Verdict> {
  for (const dns of views) {
    const senders = await servedSenders(name, dns)
    const first = senders.find(({ ip }) => !ip.includes(':')) ?? senders[0]
    if (first) return first.ip
  }
  const answer = await views.at(-1)?.(name, 'TXT')
  const shown = withoutDot(name)
  return answer?.kind === 'answer' || answer?.kind === 'failure'
    ? { result: 'unknown', why: `where ${shown} lets mail come from cannot be listed` }
    : { result: 'permerror', why: `there is no SPF at ${shown} (RFC 7208 §5.2)` }
}
