import type * as z from 'zod'
import { type RawSpec, specSchema } from '../schema.js'

type Section = Readonly<Record<string, unknown>>

/**
 * Checks the shape of a spec. Zones and domains that are one value under several names, as a fleet has them by the thousand, are looked at
 * once, and stay one value; where something is wrong, it is told of each.
 */
export function parseOnce(value: unknown): z.ZodSafeParseResult<RawSpec> {
  const whole = (): z.ZodSafeParseResult<RawSpec> => specSchema.safeParse(value, { reportInput: true })
  if (!isSection(value) || !isSection(value.domains) || !isSection(value.zones)) return whole()
  const [domains, zones] = [eachOnce(value.domains), eachOnce(value.zones)]
  const found = specSchema.safeParse({ ...value, domains: domains.first, zones: zones.first }, { reportInput: true })
  if (!found.success) return whole()
  const { data } = found
  return { ...found, data: { ...data, domains: domains.all(data.domains), zones: zones.all(data.zones) } }
}

/** The parts of a section without those that are the same object as one before, and how what they became is what all became. */
function eachOnce(section: Section): {
  readonly first: Section
  all<T>(parsed: Readonly<Record<string, T>>): Record<string, T>
} {
  const keys = new Map<unknown, string>()
  const like = Object.entries(section).map(([key, part]): [key: string, like: string] => {
    const before = isSection(part) ? keys.get(part) : undefined
    if (before === undefined) keys.set(part, key)
    return [key, before ?? key]
  })
  return {
    first: Object.fromEntries(like.flatMap(([key, first]) => (key === first ? [[key, section[key]]] : []))),
    all: (parsed) => Object.fromEntries(like.map(([key, first]) => [key, parsed[first] as (typeof parsed)[string]])),
  }
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
