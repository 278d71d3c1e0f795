import type { Caa, Mx, Srv, Tlsa } from '../records/rr/rdata.js'

/** The types of which octoDNS writes a value as a mapping. */
export interface FieldedRdata {
  readonly CAA: Caa
  readonly MX: Mx
  readonly SRV: Srv
  readonly TLSA: Tlsa
}

export type FieldedType = keyof FieldedRdata

/** One part of rdata in octoDNS. */
export interface OctodnsField<Part = string> {
  /** Its key in octoDNS. */
  readonly key: string
  /** The key it had before, which octoDNS still takes. */
  readonly older?: string
  /** Ours. */
  readonly part: Part
  /** A name, a text, or a number up to this one. */
  readonly holds: 'name' | 'text' | number
  /** What it is where it is left out. */
  readonly usual?: number
}

const PORT = 65_535

/** In octoDNS's order, that of the alphabet (octoDNS 1.22, `record/caa.py`, `mx.py`, `srv.py`, `tlsa.py`, read 2026-11). */
const FIELDS: { readonly [T in FieldedType]: readonly OctodnsField<keyof FieldedRdata[T] & string>[] } = {
  CAA: [
    { key: 'flags', part: 'flags', holds: 255, usual: 0 },
    { key: 'tag', part: 'tag', holds: 'text' },
    { key: 'value', part: 'value', holds: 'text' },
  ],
  MX: [
    { key: 'exchange', older: 'value', part: 'exchange', holds: 'name' },
    { key: 'preference', older: 'priority', part: 'preference', holds: PORT },
  ],
  SRV: [
    { key: 'port', part: 'port', holds: PORT },
    { key: 'priority', part: 'priority', holds: PORT },
    { key: 'target', part: 'target', holds: 'name' },
    { key: 'weight', part: 'weight', holds: PORT },
  ],
  TLSA: [
    { key: 'certificate_association_data', part: 'data', holds: 'text' },
    { key: 'certificate_usage', part: 'usage', holds: 255 },
    { key: 'matching_type', part: 'matching', holds: 255 },
    { key: 'selector', part: 'selector', holds: 255 },
  ],
}

export function isFielded(type: string): type is FieldedType {
  return Object.hasOwn(FIELDS, type)
}

export function octodnsFields(type: FieldedType): readonly OctodnsField[] {
  return FIELDS[type]
}

/** A value as octoDNS has it. */
export type OctodnsValue = Readonly<Record<string, string | number>>

export function toOctodns<T extends FieldedType>(type: T, rdata: FieldedRdata[T]): OctodnsValue {
  const parts = rdata as unknown as OctodnsValue
  return Object.fromEntries(octodnsFields(type).map(({ key, part }) => [key, parts[part] as string | number]))
}
