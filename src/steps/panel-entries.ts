import { displayName, type Name, relativeTo, withoutDot } from '../../records/rr/name.js'
import { octetLength } from '../../records/rr/octets.js'
import {
  type Caa,
  type Mx,
  type RdataByType,
  type RRType,
  rdataText,
  type Srv,
  type Tlsa,
} from '../../records/rr/rdata.js'
import { afterOf, beforeOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { splitTxt } from '../../records/rr/txt.js'
import type { PanelEntry, PlannedChange, PlannedEdit } from '../plan/plan.js'
import { type ValueMistake, valueMistake } from './wrong-value.js'

/** Octets that one string of a TXT value may have (RFC 1035 §3.3). */
const STRING_LIMIT = 255

type Rdata = RdataByType[RRType]
type Fields = Omit<PanelEntry, 'do' | 'host' | 'type' | 'ttl' | 'was' | 'pieces' | 'beside'>

/** A value in the fields of a panel: a name without the trailing dot, which many panels refuse. */
function fieldsOf(type: RRType, rdata: Rdata): Fields {
  switch (type) {
    case 'CAA':
      return rdata as Caa
    case 'MX': {
      const { preference, exchange } = rdata as Mx
      return { priority: preference, value: withoutDot(exchange) }
    }
    case 'SRV': {
      const { target, ...numbers } = rdata as Srv
      return { ...numbers, value: withoutDot(target) }
    }
    case 'TLSA': {
      const { data, ...numbers } = rdata as Tlsa
      return { ...numbers, value: data }
    }
    case 'TXT':
      return { value: rdataText(type, rdata) }
    default:
      return { value: withoutDot(rdata as string) }
  }
}

/** A record to enter, and the value that was entered for it wrongly before. */
export interface DraftedEntry {
  readonly entry: PanelEntry
  /** The fields of its value. */
  readonly fields: Fields
  readonly mistake?: ValueMistake
}

/**
 * What a person has to enter for the change of an RRset, a record each. A value that takes another's place is a change of
 * it, what else comes is added, and what else goes is removed; what stays is in none of them. A value that was entered
 * wrongly is to be changed, and nothing is added beside it.
 */
export function panelEntries(change: PlannedChange, zone: Name): DraftedEntry[] {
  const { type } = subjectOf(change)
  const held = byText(beforeOf(change))
  const wanted = byText(afterOf(change))
  const all = change.edits.flatMap((edit) => pairsOf(edit, (text) => spoiltFrom(text, { type, held, wanted, zone })))
  const moved = new Set(all.map(({ old }) => old))
  const beside = [...held.keys()].filter((text) => wanted.has(text) && !moved.has(text)).length
  return all.map(({ text, old, mistake }) => {
    const rdata = text === undefined ? undefined : wanted.get(text)
    const gone = old === undefined ? undefined : held.get(old)
    return {
      entry: entryOf(change, zone, { rdata, old: gone, beside }),
      fields: fieldsOf(type, (rdata ?? gone) as Rdata),
      ...(mistake && { mistake }),
    }
  })
}

/** A value that comes, one that goes, or one that takes the place of another. */
interface Pair {
  readonly text?: string | undefined
  readonly old?: string | undefined
  readonly mistake?: ValueMistake | undefined
}

interface Spoilt {
  readonly old: string
  readonly mistake: ValueMistake
}

function pairsOf(edit: PlannedEdit, spoiltFrom: (text: string) => Spoilt | undefined): Pair[] {
  const come = edit.after.filter((text) => !edit.before.includes(text))
  const spoilt = come.map((text) => ({ text, ...spoiltFrom(text) }))
  const gone = edit.before.filter((old) => !edit.after.includes(old) && !spoilt.some((one) => one.old === old))
  const added = spoilt.map(({ text, old = gone.shift(), mistake }): Pair => ({ text, old, mistake }))
  return [...added, ...gone.map((old): Pair => ({ old }))]
}

interface Values {
  readonly type: RRType
  readonly held: ReadonlyMap<string, Rdata>
  readonly wanted: ReadonlyMap<string, Rdata>
  readonly zone: Name
}

/** The value in DNS that somebody made of one that they were to enter. */
function spoiltFrom(text: string, { type, held, wanted, zone }: Values): Spoilt | undefined {
  for (const [old, rdata] of held) {
    const mistake = valueMistake(type, wanted.get(text) as Rdata, rdata, zone)
    if (mistake) return { old, mistake }
  }
  return undefined
}

interface Parts {
  readonly rdata: Rdata | undefined
  readonly old: Rdata | undefined
  readonly beside: number
}

function entryOf(change: PlannedChange, zone: Name, { rdata, old, beside }: Parts): PanelEntry {
  const { name, type, ttl } = subjectOf(change)
  const at = { host: relativeTo(zone, name), type }
  const others = beside > 0 ? { beside } : {}
  if (rdata === undefined) return { do: 'remove', ...at, ...fieldsOf(type, old as Rdata), ...others }
  const field = { ...fieldsOf(type, rdata), ...piecesOf(type, rdata), ...others }
  if (old === undefined) return { do: 'add', ...at, ...field, ttl }
  return { do: 'change', ...at, ...field, was: fieldsOf(type, old) }
}

/** What to enter for a record in no zone of the spec, so with its whole name. */
export function looseEntries({ name, type, ttl, rdata }: RRset): PanelEntry[] {
  const values: readonly Rdata[] = rdata
  return values.map((value) => ({
    do: 'add',
    host: displayName(name),
    type,
    ...fieldsOf(type, value),
    ...piecesOf(type, value),
    ttl,
  }))
}

/** The value in pieces, where it is too long for one string. */
function piecesOf(type: RRType, rdata: Rdata): { pieces?: string[] } {
  const text = rdataText(type, rdata)
  return type === 'TXT' && octetLength(text) > STRING_LIMIT ? { pieces: splitTxt(text) } : {}
}

function byText(rrset: RRset | undefined): Map<string, Rdata> {
  return new Map((rrset?.rdata ?? []).map((rdata) => [rdataText((rrset as RRset).type, rdata), rdata]))
}
