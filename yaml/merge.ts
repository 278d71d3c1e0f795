import { emptyMapping, isMapping, type Mapping, Places, type PlacesByValue, type Written } from './places.js'
import type { Report } from './report.js'

/** What is put into another value, and where it is named: as a file of an `!include` list, or beside a `<<`. */
export interface NamedPart extends Written {
  readonly namedAt: number
}

/**
 * The `<<` key: adds what `target` does not have from `source`, a mapping or a list of mappings of which an earlier one wins.
 * The keys keep the places they were written at. `null`, an included file without content, adds nothing.
 */
export function mergeInto(
  target: { readonly value: Mapping; readonly at: number },
  source: NamedPart,
  known: PlacesByValue,
  report: Report,
): void {
  const into = known.get(target.value)
  for (const mapping of partsOf(source, known)) {
    const from = known.get(mapping.value)
    if (into !== undefined && from !== undefined && isMapping(mapping.value)) {
      into.holds(from.levels - 1)
      const shift = mapping.at - target.at
      for (const [index, key] of from.keys.entries()) {
        if (key in target.value) continue
        target.value[key] = mapping.value[key]
        into.add(key, shift + (from.keyAt[index] ?? 0), shift + (from.valueAt[index] ?? 0))
      }
    } else if (mapping.value !== null) {
      report('yaml-merge', source.namedAt, 'only a mapping, or a list of mappings, can be merged with <<')
    }
  }
}

/** The items of a list, each with its place; what is no list is one. */
function partsOf(source: Written, known: PlacesByValue): readonly Written[] {
  if (!Array.isArray(source.value)) return [source]
  const { valueAt } = known.get(source.value) ?? { valueAt: [] }
  return source.value.map((value: unknown, index) => ({ value, at: source.at + (valueAt[index] ?? 0) }))
}

/** The files of an `!include` list as one value at `at`, as octoDNS joins them: lists follow one another; of two mappings the later wins. */
export function joinIncluded(
  parts: readonly NamedPart[],
  at: number,
  known: PlacesByValue,
  report: Report,
): Mapping | unknown[] | null {
  const held = parts.filter((part) => part.value !== null)
  if (held.length === 0) return null
  const whole: unknown[] | Mapping = Array.isArray(held[0]?.value) ? [] : emptyMapping()
  const into = new Places()
  into.open = false
  known.set(whole, into)
  for (const { value, at: partAt, namedAt } of held) {
    const from = known.get(value)
    const shift = partAt - at
    if (from !== undefined && Array.isArray(whole) && Array.isArray(value)) {
      for (const item of value) whole.push(item)
      for (const itemAt of from.valueAt) into.valueAt.push(shift + itemAt)
    } else if (from !== undefined && !Array.isArray(whole) && isMapping(value)) {
      override(whole, into, value, from, shift)
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

function override(target: Mapping, into: Places, source: Mapping, from: Places, shift: number): void {
  for (const [index, key] of from.keys.entries()) {
    const keyAt = shift + (from.keyAt[index] ?? 0)
    const valueAt = shift + (from.valueAt[index] ?? 0)
    if (key in target) into.move(into.indexOf(key), keyAt, valueAt)
    else into.add(key, keyAt, valueAt)
    target[key] = source[key]
  }
}
