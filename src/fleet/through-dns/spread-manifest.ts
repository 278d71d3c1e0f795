import { manifestName, ownedIn } from '../../../records/manifest.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'

const DIGITS = [...'0123456789abcdef']
/** Digits that are looked for: with four, a manifest has some 200 million octets. */
const MOST_DIGITS = 4

/**
 * Reads a manifest that is spread over names below its usual one. DNS does not list them, but a name has a part, or every longer one that
 * begins with it may have. As digits are of a hash, all parts have about as many: where nothing of ours begins with a 0, it is nowhere.
 *
 * @param ask what stands at a name as TXT
 */
export async function spreadManifest(
  zone: Name,
  owner: string,
  ask: (name: Name) => Promise<AnyRRset | undefined>,
): Promise<AnyRRset[]> {
  const asked = new Map<string, Promise<AnyRRset | undefined>>()
  const at = (prefix: string): Promise<AnyRRset | undefined> => {
    const known = asked.get(prefix) ?? ask(joinName(prefix, manifestName(zone)))
    asked.set(prefix, known)
    return known
  }
  const without = async (prefixes: readonly string[]): Promise<string[]> => {
    const there = await Promise.all(prefixes.map(at))
    return prefixes.filter((_, index) => !isOf(owner, zone, there[index]))
  }

  let shortest = 1
  while ((await without(longer('0'.repeat(shortest - 1)))).length === DIGITS.length)
    if (++shortest > MOST_DIGITS) return []
  let open = ['']
  for (let digits = 1, longest = shortest; open.length > 0 && digits <= longest + 1; digits++) {
    const prefixes = open.flatMap(longer)
    open = await without(prefixes)
    if (open.length < prefixes.length) longest = Math.max(longest, digits)
  }
  return (await Promise.all(asked.values())).flatMap((rrset) => rrset ?? [])
}

function longer(prefix: string): string[] {
  return DIGITS.map((digit) => `${prefix}${digit}`)
}

function isOf(owner: string, zone: Name, rrset: AnyRRset | undefined): boolean {
  return rrset !== undefined && ownedIn(zoneWith(zone, [rrset]), owner).length > 0
}
