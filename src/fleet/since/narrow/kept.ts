import { isDeepStrictEqual } from 'node:util'
import { isMapping } from '../../../../yaml/places.js'
import { readYaml } from '../../../../yaml/read-yaml.js'
import type { SourceTree } from '../../../source-tree.js'
import { anchored, differing, domainsAmong, haveKeyZones, unclearZones, zonesAround } from './entries.js'
import { namesIn, type WrittenNames } from './names-in.js'
import { type Kept, type SpecText, treeOfKept } from './spec-text.js'

/** A spec at one time. */
export interface TextSide {
  readonly tree: SourceTree
  readonly text: SpecText
}

/** What is read of a spec, now and then. */
export interface KeptParts {
  /** Where nothing else is in the spec, now and then. */
  readonly trees: readonly [SourceTree, SourceTree]
  /** Where the keys lie, as the spec has it. */
  readonly keysDirectory: string
  /** The domains that are not as they were, what they include too, as written. */
  readonly changed: ReadonlySet<string>
  /** The zones that are not as they were, as written. */
  readonly changedZones: readonly string[]
  /** Zones of now that are not read. */
  readonly unread: number
  /** The domains that are named in what is kept, and those above them: rules may look there. */
  readonly named: readonly string[]
  /** Names that the entry of any domain may mean without naming them. */
  readonly shared: WrittenNames
}

/**
 * Keeps of both sides some domains, and the zones that matter to them. Undefined where more differs than zones and domains do, or where
 * what is left out could matter: a zone that stands for others, keys that many domains share, addresses that are observed.
 */
export async function keepParts(
  { domains, changed }: { readonly domains: ReadonlySet<string>; readonly changed: ReadonlySet<string> },
  file: string,
  [now, then]: readonly [TextSide, TextSide],
): Promise<KeptParts | undefined> {
  const zones = new Set([...differing(now.text.zones, then.text.zones), ...unclearZones(now.text)])
  const [value, before] = [
    await readPlain(file, now, { domains, zones }),
    await readPlain(file, then, { domains, zones }),
  ]
  if (value === undefined || before === undefined) return undefined
  const { zones: zonesNow, domains: written, ...frame } = value
  const { zones: zonesThen, domains: writtenThen, ...frameThen } = before
  if (!isDeepStrictEqual(frame, frameThen) || !isMapping(zonesNow) || !isMapping(zonesThen)) return undefined
  if (![zonesNow, zonesThen].every(areAlone) || isShared(frame) || haveKeyZones(now.text) || haveKeyZones(then.text))
    return undefined
  if (!isMapping(written) || !isMapping(writtenThen)) return undefined
  const names = namesIn(frame, written, writtenThen)
  const kept = { domains, zones: new Set([...zones, ...zonesAround(now.text, names)]) }
  const anchors = anchored(now.text)
  return {
    trees: [treeOfKept(now.tree, now.text, kept), treeOfKept(then.tree, then.text, kept)],
    keysDirectory: isMapping(frame.keys) && typeof frame.keys.directory === 'string' ? frame.keys.directory : 'keys',
    changed: new Set([...changed, ...differingKeys(written, writtenThen)]),
    changedZones: differingKeys(zonesNow, zonesThen),
    unread: [...now.text.zones.keys()].filter((key) => !kept.zones.has(key)).length,
    named: domainsAmong(now.text, names),
    shared: anchors === undefined ? namesIn(frame.defaults) : namesIn(frame, anchors),
  }
}

function differingKeys(one: Record<string, unknown>, other: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].filter((key) => !isDeepStrictEqual(one[key], other[key]))
}

async function readPlain(
  file: string,
  { tree, text }: TextSide,
  kept: Kept,
): Promise<Record<string, unknown> | undefined> {
  const { value, problems } = await readYaml(file, treeOfKept(tree, text, kept).read)
  return problems.length === 0 && isMapping(value) ? value : undefined
}

/** Whether none of the zones has to do with others: with `'*'` only providers know all of them, and a catalog has the names of many. */
function areAlone(zones: Record<string, unknown>): boolean {
  return Object.entries(zones).every(([key, zone]) => key !== '*' && isMapping(zone) && zone.catalog === undefined)
}

/** Whether something is said of all domains that is not found out from each of them alone. */
function isShared({ defaults, hosts }: Record<string, unknown>): boolean {
  const dkim = isMapping(defaults) && isMapping(defaults.dkim) ? defaults.dkim : {}
  const isObserved = (host: unknown): boolean => isMapping(host) && isMapping(host.addresses)
  return dkim.zone !== undefined || dkim.from !== undefined || Object.values(hosts ?? {}).some(isObserved)
}
