import { isWithin, labelsOf, type Name, ROOT } from '../../records/rr/name.js'

const PLAIN = /^[a-z0-9_-]+$/

/** Labels of a name in a message, leaf first and without the root, their octets as sent. */
export interface WireName {
  readonly labels: readonly Buffer[]
  /** Offset of the octet after the name. */
  readonly next: number
}

/**
 * Reads a name, compressed or not (RFC 1035 §4.1.4). Throws a RangeError where it leaves the message, is longer than 255
 * octets, or has a pointer that does not point back, or more pointers than labels can be.
 */
export function readName(message: Buffer, offset: number): WireName {
  const labels: Buffer[] = []
  let position = offset
  let segment = offset
  let next: number | undefined
  let octets = 1
  let pointers = 0
  for (let length = message.readUInt8(position); length !== 0; length = message.readUInt8(position)) {
    if (length >= 0xc0) {
      const target = message.readUInt16BE(position) & 0x3fff
      if (target >= segment) throw new RangeError('a compression pointer does not point back')
      if (++pointers > 127) throw new RangeError('a name has more pointers than a name has labels')
      next ??= position + 2
      position = target
      segment = target
      continue
    }
    octets += length + 1
    if (length > 63 || octets > 255 || position + 1 + length > message.length)
      throw new RangeError('a name is longer than the message or than 255 octets')
    labels.push(message.subarray(position + 1, position + 1 + length))
    position += length + 1
  }
  return { labels, next: next ?? position + 1 }
}

/** Labels as text: lower case, and escaped as {@link Name} says. */
export function nameOf(labels: readonly Buffer[]): Name {
  if (labels.length === 0) return ROOT
  let text = ''
  for (const label of labels) text += `${labelText(label)}.`
  return text as Name
}

function labelText(label: Buffer): string {
  const text = label.toString('latin1')
  if (PLAIN.test(text)) return text
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[.\\]|[^!-~]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  if (character === '.' || character === '\\') return `\\${character}`
  return `\\${String(character.charCodeAt(0)).padStart(3, '0')}`
}

/** Labels as an uncompressed name, case kept. */
function joinLabels(labels: readonly Buffer[]): Buffer {
  return Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)])
}

/** A name as an uncompressed name on the wire. */
export function encodeName(name: Name): Buffer {
  if (name === ROOT) return Buffer.of(0)
  return name.includes('\\') ? joinLabels(labelsOf(name).map(labelOctets)) : withLengths(name, 1)
}

/** An owner name; inside a zone as its own labels and a pointer to the zone's name at offset 12, where every UPDATE has it. */
export function encodeOwner(name: Name, zone: Name): Buffer {
  if (!isWithin(name, zone)) return encodeName(name)
  const octets = name.includes('\\') ? ownLabels(name, zone) : withLengths(ownText(name, zone), 2)
  octets.writeUInt16BE(0xc00c, octets.length - 2)
  return octets
}

function ownText(name: Name, zone: Name): string {
  if (name === zone) return ''
  return zone === ROOT ? name : name.slice(0, -zone.length)
}

/** Labels without escapes, each with its dot, as they are on the wire, and room for what ends them, which is zero. */
function withLengths(text: string, room: number): Buffer {
  const octets = Buffer.allocUnsafe(text.length + room)
  octets.write(text, 1, 'latin1')
  let begin = 0
  for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', begin)) {
    octets[begin] = dot - begin
    begin = dot + 1
  }
  octets[text.length] = 0
  return octets
}

function ownLabels(name: Name, zone: Name): Buffer {
  const labels = labelsOf(name)
  const own = labels.slice(0, labels.length - labelsOf(zone).length).map(labelOctets)
  return Buffer.concat([joinLabels(own), Buffer.of(0)])
}

function labelOctets(label: string): Buffer {
  const text = label.includes('\\')
    ? label.replace(/\\(\d{3}|.)/g, (_, code: string) => (code.length === 3 ? String.fromCharCode(Number(code)) : code))
    : label
  return Buffer.from(text, 'latin1')
}
