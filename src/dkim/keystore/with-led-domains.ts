import { keyZonesOf } from '../../../records/families/dkim/key-zone.js'
import type { LedDomain } from '../../../records/families/dkim/led-domain.js'
import type { Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import type { SourceTree } from '../../source-tree.js'
import { readLedDomains } from './led-domains.js'

/** A spec with what was seen of the domains that lead to its key zones. */
export async function withLedDomains(spec: MailSpec, keysDirectory: string, tree: SourceTree): Promise<MailSpec> {
  const zones = keyZonesOf(spec.domains)
  if (zones.length === 0) return spec
  const led = new Map<Name, LedDomain>()
  for (const { name, domains } of zones) {
    const seen = await readLedDomains(keysDirectory, name, tree)
    for (const domain of domains) {
      const one = seen.get(domain.name)
      if (one !== undefined) led.set(domain.name, one)
    }
  }
  return { ...spec, led }
}
