import type * as z from 'zod'
import { anySpecSchema, type RawSpec, specSchema } from '../schema.js'

/** For fewer, zod takes longer to generate and compile code than to do without. */
const FEW_DOMAINS = 100
/** Characters and values of a part that is compared by what it says: aliases in YAML can make a small file say gigabytes. */
const TEXT_LIMIT = 4096

type Section = Readonly<Record<string, unknown>>

/**
 * Checks the shape of a spec. Zones and domains that are one value under several names, as a fleet has them by the thousand, are looked at
 * once, and stay one value; where something is wrong, it is told of each.
 */
export function parseOnce(value: unknown): z.ZodSafeParseResult<RawSpec> {
  const whole = (): z.ZodSafeParseResult<RawSpec> => anySpecSchema().safeParse(value, { reportInput: true })
  if (!isSection(value) || !isSection(value.domains) || !isSection(value.zones)) return whole()
  const [domains, zones] = [eachOnce(value.domains), eachOnce(value.zones)]
  const parts = [value.defaults, ...[value.hosts, domains.first].flatMap(partsOf)]
  const found = specSchema(new Set(parts.flatMap(keysOf))).safeParse(
    { ...value, domains: domains.first, zones: zones.first },
    { reportInput: true, jitless: Object.keys(domains.first).length < FEW_DOMAINS },
  )
  if (!found.success) return whole()
  const { data } = found
  return { ...found, data: { ...data, domains: domains.all(data.domains), zones: zones.all(data.zones) } }
}

function partsOf(section: unknown): unknown[] {
  return isSection(section) ? Object.values(section) : []
}

function keysOf(part: unknown): string[] {
  return isSection(part) ? Object.keys(part) : []
}

/** The parts of a section without those that say the same as one before, and how what they became is what all became. */
function eachOnce(section: Section): {
  readonly first: Section
  all<T>(parsed: Readonly<Record<string, T>>): Record<string, T>
} {
  const keys = new Map<Section | string, string>()
  const like = Object.entries(section).map(([key, part]): [key: string, like: string] => {
    if (!isSection(part)) return [key, key]
    const text = keys.has(part) || rest(part, TEXT_LIMIT) < 0 ? undefined : JSON.stringify(part)
    const before = keys.get(part) ?? (text === undefined ? undefined : keys.get(text)) ?? key
    keys.set(part, before)
    if (text !== undefined) keys.set(text, before)
    return [key, before]
  })
  return {
    first: Object.fromEntries(like.flatMap(([key, first]) => (key === first ? [[key, section[key]]] : []))),
    all: (parsed) => Object.fromEntries(like.map(([key, first]) => [key, parsed[first] as (typeof parsed)[string]])),
  }
}

/** What is left of a limit once a value has taken its characters, its keys' and one for each value in it; below 0, it may have more. */
function rest(value: unknown, limit: number): number {
  if (typeof value === 'string') return limit - value.length
  if (typeof value !== 'object' || value === null) return limit - 1
  let left = limit - 1
  for (const [key, part] of Object.entries(value)) {
    left = rest(part, left - key.length)
    if (left < 0) break
  }
  return left
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
