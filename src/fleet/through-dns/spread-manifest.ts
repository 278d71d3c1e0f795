import { manifestName, ownedIn } from '../../../records/manifest.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'

const DIGITS = [...'0123456789abcdef']
/** Digits that are looked for: with two, a manifest has some 900,000 octets. */
const MOST_DIGITS = 2

/**
 * Reads a manifest that is spread over names below its usual one. DNS does not list them, but of those that begin with a digit either
 * the shortest has a part, or none shorter has.
 *
 * @param ask what stands at a name as TXT
 */
export async function spreadManifest(
  zone: Name,
  owner: string,
  ask: (name: Name) => Promise<AnyRRset | undefined>,
): Promise<AnyRRset[]> {
  const found: AnyRRset[] = []
  let open = ['']
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const prefixes = open.flatMap((prefix) => DIGITS.map((digit) => `${prefix}${digit}`))
    const parts = await Promise.all(
      prefixes.map(async (prefix) => ({ prefix, rrset: await ask(joinName(prefix, manifestName(zone))) })),
    )
    found.push(...parts.flatMap(({ rrset }) => rrset ?? []))
    open = parts.flatMap(({ prefix, rrset }) => (rrset && isOf(owner, zone, rrset) ? [] : [prefix]))
  }
  return found
}

function isOf(owner: string, zone: Name, rrset: AnyRRset): boolean {
  return ownedIn(zoneWith(zone, [rrset]), owner).length > 0
}
