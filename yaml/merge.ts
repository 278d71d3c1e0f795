import { emptyMapping, isMapping, type Mapping, Places, type PlacesByValue, type Written } from './places.js'
import type { Report } from './report.js'

/**
 * The `<<` key: adds what `target` does not have from `source`, a mapping or a list of mappings of which an earlier one wins.
 * The keys keep the places they were written at. `null`, an included file without content, adds nothing.
 */
export function mergeInto(target: Mapping, source: Written, known: PlacesByValue, report: Report): void {
  const into = known.get(target)
  for (const mapping of Array.isArray(source.value) ? source.value : [source.value]) {
    const from = known.get(mapping)
    if (into !== undefined && from !== undefined && isMapping(mapping)) {
      into.holds(from.levels - 1)
      for (const [index, key] of from.keys.entries()) {
        if (key in target) continue
        target[key] = mapping[key]
        into.add(key, from.keyAt[index] ?? source.at, from.valueAt[index] ?? source.at)
      }
    } else if (mapping !== null) {
      report('yaml-merge', source.at, 'only a mapping, or a list of mappings, can be merged with <<')
    }
  }
}

/** What one file of an `!include` list holds, and where it is named. */
export interface IncludedPart extends Written {
  readonly namedAt: number
}

/** The files of an `!include` list as one value, as octoDNS joins them: lists follow one another; of two mappings the later wins. */
export function joinIncluded(
  parts: readonly IncludedPart[],
  known: PlacesByValue,
  report: Report,
): Mapping | unknown[] | null {
  const held = parts.filter((part) => part.value !== null)
  if (held.length === 0) return null
  const whole: unknown[] | Mapping = Array.isArray(held[0]?.value) ? [] : emptyMapping()
  const into = new Places()
  into.open = false
  known.set(whole, into)
  for (const { value, namedAt } of held) {
    const from = known.get(value)
    if (from !== undefined && Array.isArray(whole) && Array.isArray(value)) {
      for (const item of value) whole.push(item)
      for (const at of from.valueAt) into.valueAt.push(at)
    } else if (from !== undefined && !Array.isArray(whole) && isMapping(value)) {
      override(whole, into, value, from)
    } else {
      const hint = 'Each file of an !include list must hold a mapping, or each a list.'
      report('yaml-include', namedAt, 'what this file holds cannot be joined with the others', hint)
      continue
    }
    into.holds(from.levels - 1)
    into.nodes += from.nodes
  }
  return whole
}

function override(target: Mapping, into: Places, source: Mapping, from: Places): void {
  for (const [index, key] of from.keys.entries()) {
    const keyAt = from.keyAt[index] ?? 0
    const valueAt = from.valueAt[index] ?? keyAt
    if (key in target) into.move(into.indexOf(key), keyAt, valueAt)
    else into.add(key, keyAt, valueAt)
    target[key] = source[key]
  }
}
