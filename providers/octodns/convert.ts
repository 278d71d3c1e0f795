import type { Name } from '../../records/rr/name.js'
import { relativeTo } from '../../records/rr/name.js'
import { type Caa, isRRType, type RdataByType, type RRType } from '../../records/rr/rdata.js'
import {
  type AnyRRset,
  afterOf,
  beforeOf,
  type Change,
  canonical,
  compareRRsets,
  heldTtl,
  type RRset,
  subjectOf,
} from '../../records/rr/rrset.js'
import type { Txt } from '../../records/rr/txt.js'
import { notOfType, otherRRset } from '../foreign.js'
import type { OctodnsValue } from '../octodns-fields.js'
import type { Facts } from './facts.js'
import { readTxt, writtenTxt } from './txt.js'
import { fromOctodns, toOctodnsValue, unwritableCaa } from './values.js'

/** A record of octoDNS, which is a whole RRset, as bridge.py gives it. */
export interface BridgeRecord {
  readonly name: string
  /** `TXT`, or a plugin's own `PowerDnsProvider/LUA`. */
  readonly type: string
  readonly ttl: number
  /** In presentation form; of TXT in octoDNS's own text, of types with fields as octoDNS has them. */
  readonly values: readonly (string | OctodnsValue)[]
  /** By the index of a TXT value, the strings it came in. */
  readonly pieces?: Readonly<Record<string, readonly string[]>>
  readonly lock?: 'dynamic' | 'proxied'
}

/** What is to stand at a name and type; without `values` nothing. */
export interface BridgeEdit {
  /** Relative to the zone, empty at its apex. */
  readonly name: string
  readonly type: RRType
  readonly ttl?: number
  readonly values?: readonly (string | OctodnsValue)[]
  /** Of TXT, what stands there, in the text from which the plugin makes it again. */
  readonly before?: readonly (string | OctodnsValue)[]
}

const LOCKS = {
  dynamic: 'octoDNS shows it with rules by which its answer changes',
  proxied: 'it is proxied: other addresses than its own are answered',
} as const

export function readRecords(records: readonly BridgeRecord[], facts: Facts): AnyRRset[] {
  return records.flatMap((record) => readRecord(record, facts) ?? []).sort(compareRRsets)
}

function readRecord(record: BridgeRecord, facts: Facts): AnyRRset | undefined {
  const name = record.name.toLowerCase() as Name
  const ttl = heldTtl(record.ttl)
  const { type, values } = record
  if (!isRRType(type)) return otherRRset(name, ownType(type), ttl, values.map(String))
  const read = values.map((text, index) => readValue(type, text, record.pieces?.[String(index)], facts))
  const locked = record.lock ? LOCKS[record.lock] : read.find(({ lock }) => lock !== undefined)?.lock
  const rdata = read.flatMap((one) => one.rdata ?? [])
  return canonical({ type, name, ttl, rdata, ...(locked === undefined ? {} : { locked }) } as RRset)
}

/** The type itself of one that a plugin has beside those of octoDNS. */
function ownType(type: string): string {
  const bare = type.slice(type.lastIndexOf('/') + 1)
  return isRRType(bare) ? type : bare
}

interface ReadValue {
  readonly rdata?: RdataByType[RRType]
  readonly lock?: string
}

function readValue(
  type: RRType,
  value: string | OctodnsValue,
  pieces: readonly string[] | undefined,
  facts: Facts,
): ReadValue {
  if (type === 'TXT') {
    const { txt, ...lock } = readTxt(String(value), pieces, facts.txt, facts.plugin)
    return { rdata: txt, ...lock }
  }
  const rdata = fromOctodns(type, value, facts.txt, (word) => targetIn(word, facts))
  if (rdata === undefined) return { lock: notOfType(type) }
  const lock = type === 'CAA' ? unwritableCaa(rdata as Caa, facts.txt, facts.plugin) : undefined
  return { rdata, ...(lock === undefined ? {} : { lock }) }
}

/** Without the dot at its end it is mostly left to the provider what a name is relative to. */
function targetIn(text: string, { absolute }: Facts): Name | undefined {
  const whole = absolute && text !== '' && !text.endsWith('.') ? `${text}.` : text
  return /^\S*[.]$/.test(whole) ? (whole.toLowerCase() as Name) : undefined
}

export function toEdit(zone: Name, change: Change, facts: Facts): BridgeEdit {
  const { name, type } = subjectOf(change)
  const owner = relativeTo(zone, name)
  const [before, after] = [beforeOf(change), afterOf(change)]
  return {
    name: owner === '@' ? '' : owner,
    type,
    ...(before?.type === 'TXT' ? { before: toValues(before, facts) } : {}),
    ...(after ? { ttl: after.ttl, values: toValues(after, facts) } : {}),
  }
}

function toValues({ type, rdata }: RRset, { txt }: Facts): (string | OctodnsValue)[] {
  return rdata.map((value) =>
    type === 'TXT' ? writtenTxt(value as Txt, txt) : toOctodnsValue(type, value as RdataByType[RRType], txt),
  )
}
