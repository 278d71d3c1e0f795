import { quoted } from '../../../records/cut.js'
import type { Name } from '../../../records/rr/name.js'
import { isRRType, type RdataByType, type RRType } from '../../../records/rr/rdata.js'
import { keyOf } from '../../../records/rr/rrset.js'
import type { MasterEntry, MasterFault } from './master-entries.js'
import { masterName, masterRdata, otherRdata, parseTtl, recordParts } from './master-record.js'

/** One record of a master file, of a type mailsync reads. */
export interface ReadRecord {
  readonly name: Name
  readonly type: RRType
  /** Seconds. */
  readonly ttl: number
  readonly rdata: RdataByType[RRType]
}

/** One record of another type. */
export interface OtherRecord {
  readonly name: Name
  readonly type: string
  /** Seconds. */
  readonly ttl: number
  /** As written, but for the name it leads to, which is whole. */
  readonly rdata: string
}

type Fault = Omit<MasterFault, 'line'>

/** What a master file says, entry by entry: the origin, the owner and the TTL go from one to the next. */
export class MasterReader {
  /** The owner of the SOA record. */
  zone: Name | undefined
  readonly records: ReadRecord[] = []
  readonly opaque: OtherRecord[] = []
  /** Records of which mailsync cannot hold the name or a value, `bücher A`. */
  readonly others: string[] = []
  /** `keyOf` of sets of which a value is among these, with what was read and those values, each with its line. */
  readonly odd = new Map<string, Omit<ReadRecord, 'rdata'> & { readonly value: string }>()
  #line = 0
  #origin: Name | undefined
  #owner: Name | 'odd' | undefined
  #ownerWord = ''
  #defaultTtl: number | undefined
  #lastTtl: number | undefined

  constructor(origin: Name | undefined) {
    this.#origin = origin
  }

  /** Takes the next entry; what is wrong with it, if anything. */
  read({ line, indented, words }: MasterEntry): Fault | undefined {
    this.#line = line
    const [first = '', ...rest] = words
    if (indented) return this.#record(words)
    return first.startsWith('$') ? this.#directive(first, rest) : (this.#own(first) ?? this.#record(rest))
  }

  #directive(word: string, [argument = '']: readonly string[]): Fault | undefined {
    switch (word.toUpperCase()) {
      case '$ORIGIN': {
        const origin = masterName(argument, this.#origin)
        if (origin === 'odd' || origin === 'relative') return { fault: `$ORIGIN ${argument} is no whole name` }
        this.#origin = origin
        return undefined
      }
      case '$TTL':
        this.#defaultTtl = parseTtl(argument)
        return this.#defaultTtl === undefined ? { fault: `$TTL ${argument} is no number of seconds` } : undefined
      default:
        return {
          fault: `${word} is not read here`,
          hint: 'let BIND write it out: named-compilezone -o - ZONE FILE, and import that',
        }
    }
  }

  #own(word: string): Fault | undefined {
    const owner = masterName(word, this.#origin)
    if (owner === 'relative')
      return {
        fault: `${word} is relative, and no $ORIGIN stands before it`,
        hint: 'begin the file with $ORIGIN and its zone',
      }
    this.#owner = owner
    this.#ownerWord = word
    return undefined
  }

  #record(words: readonly string[]): Fault | undefined {
    if (this.#owner === undefined) return { fault: 'the first record has no name before it' }
    const parts = recordParts(words)
    if (!parts) return { fault: `no record type is in ${quoted(words.join(' '))}` }
    const { type, rdata } = parts
    if (parts.class !== 'IN') return undefined
    this.#lastTtl = parts.ttl ?? this.#lastTtl
    if (type === 'SOA') return this.#soa(rdata)
    const ttl = parts.ttl ?? this.#defaultTtl ?? this.#lastTtl
    if (ttl === undefined)
      return { fault: 'the record has no TTL, and no $TTL stands before it', hint: 'begin the file with $TTL' }
    if (this.#owner === 'odd') return this.#other(type)
    if (isRRType(type)) return this.#known({ name: this.#owner, type, ttl }, rdata)
    this.opaque.push({ name: this.#owner, type, ttl, rdata: otherRdata(type, rdata, this.#origin) })
    return undefined
  }

  #known(record: Omit<ReadRecord, 'rdata'>, words: readonly string[]): Fault | undefined {
    const rdata = masterRdata(record.type, words, this.#origin)
    if (rdata === undefined) return { fault: `${quoted(words.join(' '))} is no rdata of ${record.type}` }
    if (rdata === 'odd') {
      const before = this.odd.get(keyOf(record))
      const value = `${words.join(' ')} (line ${this.#line})`
      this.odd.set(keyOf(record), { ...record, value: before ? `${before.value}, ${value}` : value })
      return this.#other(record.type)
    }
    this.records.push({ ...record, rdata })
    return undefined
  }

  /** Where no TTL was stated, the minimum of the SOA counts, as in BIND. */
  #soa(words: readonly string[]): Fault | undefined {
    const minimum = parseTtl(words[6] ?? '')
    if (words.length !== 7 || minimum === undefined) return { fault: 'the SOA record has not its seven parts' }
    if (this.#owner === 'odd' || (this.zone !== undefined && this.zone !== this.#owner))
      return { fault: 'a second zone begins here', hint: 'import one zone a file' }
    this.zone = this.#owner
    this.#lastTtl ??= minimum
    return undefined
  }

  #other(type: string): undefined {
    this.others.push(`${this.#ownerWord} ${type}`)
  }
}
