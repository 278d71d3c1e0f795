import type * as z from 'zod'
import { type RawSpec, specSchema } from '../schema.js'

/** For fewer, zod takes longer to generate and compile code than to do without. */
const FEW_DOMAINS = 100

type Section = Readonly<Record<string, unknown>>

/**
 * Checks the shape of a spec. Zones and domains that are one value under several names, as a fleet has them by the thousand, are looked at
 * once, and stay one value; where something is wrong, it is told of each.
 */
export function parseOnce(value: unknown): z.ZodSafeParseResult<RawSpec> {
  const whole = (): z.ZodSafeParseResult<RawSpec> => specSchema.safeParse(value, { reportInput: true })
  if (!isSection(value) || !isSection(value.domains) || !isSection(value.zones)) return whole()
  const [domains, zones] = [eachOnce(value.domains), eachOnce(value.zones)]
  const found = specSchema.safeParse(
    { ...value, domains: domains.first, zones: zones.first },
    { reportInput: true, jitless: Object.keys(domains.first).length < FEW_DOMAINS },
  )
  if (!found.success) return whole()
  const { data } = found
  return { ...found, data: { ...data, domains: domains.all(data.domains), zones: zones.all(data.zones) } }
}

/** The parts of a section without those that are the same object as one before, and how what they became is what all became. */
function eachOnce(section: Section): {
  readonly first: Section
  all<T>(parsed: Readonly<Record<string, T>>): Record<string, T>
} {
  const keys = new Map<Section | string, string>()
  const first = (text: string, key: string): string => {
    const before = keys.get(text) ?? key
    keys.set(text, before)
    return before
  }
  const like = Object.entries(section).map(([key, part]): [key: string, like: string] => {
    if (!isSection(part)) return [key, key]
    const before = keys.get(part) ?? first(JSON.stringify(part), key)
    keys.set(part, before)
    return [key, before]
  })
  return {
    first: Object.fromEntries(like.flatMap(([key, first]) => (key === first ? [[key, section[key]]] : []))),
    all: (parsed) => Object.fromEntries(like.map(([key, first]) => [key, parsed[first] as (typeof parsed)[string]])),
  }
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
