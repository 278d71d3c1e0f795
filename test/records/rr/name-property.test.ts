import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareNames,
  isWithin,
  joinName,
  labelsOf,
  type Name,
  parentOf,
  parseName,
  ROOT,
  relativeTo,
} from '../../../records/rr/name.js'

/** A label as the wire has it: any octets, 1 to 63 of them. Those that DNS software meets are among them. */
const wireLabel = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 6 }),
  fc
    .constantFrom('a', 'b', 'mail', '10', '9', '09', '1a', '*', '_dmarc', '.', '\\', 'a.b', 'a\\', '0/25')
    .map(Buffer.from),
)
const wireName = fc.array(wireLabel, { maxLength: 4 })

/** A label in presentation form (RFC 1035 §5.1). */
function escaped(label: Uint8Array): string {
  const text = [...label].map((octet) => {
    const char = String.fromCharCode(octet).toLowerCase()
    if (char === '.' || char === '\\') return `\\${char}`
    return octet < 33 || octet > 126 ? `\\${String(octet).padStart(3, '0')}` : char
  })
  return text.join('')
}

const nameOf = (labels: readonly Uint8Array[]): Name =>
  labels.length === 0 ? ROOT : (labels.map((label) => `${escaped(label)}.`).join('') as Name)

test('whatever octets are in its labels, a name falls apart into them', () => {
  fc.assert(
    fc.property(wireName, (labels) => {
      expect(labelsOf(nameOf(labels))).toEqual(labels.map(escaped))
      expect(parentOf(nameOf(labels))).toBe(nameOf(labels.slice(1)))
    }),
  )
})

test('a name is within another exactly when its last labels are the other’s', () => {
  fc.assert(
    fc.property(wireName, wireName, fc.boolean(), (labels, other, related) => {
      const ancestor = related ? labels.slice(labels.length / 2) : other
      const tail = labels.slice(Math.max(0, labels.length - ancestor.length))
      expect(isWithin(nameOf(labels), nameOf(ancestor))).toBe(
        labels.length >= ancestor.length && nameOf(tail) === nameOf(ancestor),
      )
    }),
  )
})

test('a name relative to its zone, put back before the zone, is the name', () => {
  fc.assert(
    fc.property(wireName, wireName, (front, zoneLabels) => {
      const zone = nameOf(zoneLabels)
      const name = nameOf([...front, ...zoneLabels])
      const relative = relativeTo(zone, name)
      expect(relative === '@' && front.length === 0 ? zone : joinName(relative, zone)).toBe(name)
    }),
  )
})

test('names have one order, whichever order they come in', () => {
  fc.assert(
    fc.property(fc.array(wireName, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (names, seed) => {
      const list = names.map(nameOf)
      const shuffled = list.map((name, index) => [seed[index] ?? 0, name] as const).sort(([a], [b]) => a - b)
      expect(shuffled.map(([, name]) => name).sort(compareNames)).toEqual(list.sort(compareNames))
    }),
    { numRuns: 1000 },
  )
})

test('a name that was read is read again as itself', () => {
  const text = fc.oneof(fc.domain(), fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 8 }))
  fc.assert(
    fc.property(text, (written) => {
      const name = parseName(written)
      if (typeof name === 'string') expect(parseName(name)).toBe(name)
      else expect(name.error).not.toBe('')
    }),
    { numRuns: 1000 },
  )
})
