import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { type KeyZone, keyZonesOf } from '../../../records/families/dkim/key-zone.js'
import { isServed } from '../../../records/families/dkim/key-zone-rules.js'
import type { LedDomain } from '../../../records/families/dkim/led-domain.js'
import { isEverywhere, type KeySight } from '../../../records/families/key-sight.js'
import type { Name } from '../../../records/rr/name.js'
import type { Io } from '../../io.js'
import type { Session } from '../../session.js'
import { formatLedDomains, readLedDomains, writeLedDomains } from '../keystore/led-domains.js'
import { observeLeads } from './observe-leads.js'
import { zoneServers } from './zone-servers.js'

/** A domain that does not sign with the keys of its zone yet, or does from now on. */
export interface Lead {
  readonly domain: Name
  readonly zone: Name
  /** What servers show of its fixed selectors. */
  readonly sight: KeySight
  /** Undefined where not every server leads them there. */
  readonly led: LedDomain | undefined
}

/**
 * The domains that do not sign yet at all fixed selectors of their key zone. Once one does, it is never asked again: its selectors
 * stay as they are.
 */
export async function lookAtLeads(
  session: Pick<Session, 'spec' | 'compiled'>,
  {
    dns,
    io,
    isOwn,
  }: {
    readonly dns: PublicDns
    readonly io: Io
    /** Whether the keys below the name of a key zone are looked at. */
    readonly isOwn: (zone: Name) => boolean
  },
): Promise<readonly Lead[]> {
  const { compiled, spec } = session
  const zones = keyZonesOf(compiled.input.domains).filter((zone) => isOwn(zone.name) && isServed(zone, compiled.input))
  const open = zones.flatMap((zone) => zone.domains.filter((domain) => !isSettled(domain, spec.led?.get(domain.name))))
  if (open.length === 0) return []
  const sights = await observeLeads(open, { client: dns.client, find: zoneServers(spec, dns), signal: io.signal })
  const now = io.now()
  return open.flatMap(({ name, dkim }): Lead[] => {
    const sight = sights.get(name)
    if (sight === undefined) return []
    const led = isEverywhere(sight) ? ledFrom(dkim.zone.selectors, spec.led?.get(name), sight.ttl, now) : undefined
    return [{ domain: name, zone: dkim.zone.name, sight, led }]
  })
}

/** Whether a domain signs, at all selectors that its spec has. */
function isSettled({ dkim }: KeyZone['domains'][number], led: LedDomain | undefined): boolean {
  return led?.signing !== undefined && dkim.zone.selectors.every((selector) => led.selectors.includes(selector))
}

/** A domain that signs already takes further selectors at once: nobody has asked for them yet. */
function ledFrom(selectors: readonly string[], before: LedDomain | undefined, ttl: number, now: number): LedDomain {
  if (before?.signing !== undefined) return { ...before, selectors }
  const isSame = before !== undefined && selectors.every((selector) => before.selectors.includes(selector))
  const visible = isSame ? before.visible : now
  return now >= visible + ttl ? { selectors, visible, signing: now } : { selectors, visible }
}

/** Notes what was seen beside the index of each key zone, and forgets domains that lead there no more. */
export async function noteLeads(
  leads: readonly Lead[],
  { spec, compiled, keysDirectory }: Session,
  { isOwn, signal }: { readonly isOwn: (zone: Name) => boolean; readonly signal: AbortSignal },
): Promise<void> {
  for (const { name, domains } of keyZonesOf(compiled.input.domains).filter((zone) => isOwn(zone.name))) {
    const seen = leads.filter(({ zone }) => zone === name)
    const before = domains.flatMap((domain): [Name, LedDomain][] => {
      const led = spec.led?.get(domain.name)
      return led === undefined ? [] : [[domain.name, led]]
    })
    const after = new Map(before)
    for (const { domain, led } of seen) {
      if (led !== undefined) after.set(domain, led)
      else if (after.get(domain)?.signing === undefined) after.delete(domain)
    }
    const held = await readLedDomains(keysDirectory, name)
    if (formatLedDomains(after) !== formatLedDomains(held)) await writeLedDomains(keysDirectory, name, after, signal)
  }
}
