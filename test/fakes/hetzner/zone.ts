import { presentation } from '../../../records/rr/rdata.js'
import type { RRset } from '../../../records/rr/rrset.js'
import type { Txt } from '../../../records/rr/txt.js'
import { quoted } from '../cloudflare/record.js'
import { brokenRule, type FakeRecord, type FakeRRset, type HetznerError, invalid, refusal } from './rules.js'

/** A change that the API has begun; it takes effect when it ends. */
export interface FakeAction {
  readonly id: number
  readonly command: string
  readonly zone: FakeHetznerZone
  readonly effect: () => HetznerError | undefined
  /** Requests that still come before it ends. */
  left: number
  error: { readonly code: string; readonly message: string } | null
  isDone: boolean
}

/** What a request asks of one RRset. */
export interface RRsetRequest {
  readonly name: string
  readonly type: string
  /** `create` or one of the actions. */
  readonly action: string
  readonly body: { readonly ttl?: number | null; readonly records?: readonly FakeRecord[] }
}

let ids = 0

/** One zone of the fake, with its RRsets. */
export class FakeHetznerZone {
  readonly id = ++ids
  rrsets: readonly FakeRRset[] = []
  /** What else the zone object says. */
  shown: object = {}

  /** @param name without a dot at its end */
  constructor(
    readonly name: string,
    public ttl = 3600,
  ) {}

  toJSON(): object {
    return {
      id: this.id,
      name: this.name,
      mode: 'primary',
      status: 'ok',
      ttl: this.ttl,
      authoritative_nameservers: {
        assigned: ['hydrogen.ns.hetzner.com.', 'oxygen.ns.hetzner.com.', 'helium.ns.hetzner.de.'],
        delegation_status: 'valid',
      },
      ...this.shown,
    }
  }

  get isSecondary(): boolean {
    return 'mode' in this.shown && this.shown.mode === 'secondary'
  }

  find(name: string, type: string): FakeRRset | undefined {
    return this.rrsets.find((rrset) => rrset.name === name && rrset.type === type)
  }

  /** Somebody's edit in the Console, of native RRsets; one without records is removed. */
  put(...rrsets: (Pick<FakeRRset, 'name' | 'type' | 'records'> & Partial<FakeRRset>)[]): void {
    for (const rrset of rrsets) {
      const others = this.rrsets.filter(({ name, type }) => name !== rrset.name || type !== rrset.type)
      const whole = { ttl: null, protection: { change: false }, ...rrset }
      this.rrsets = rrset.records.length === 0 ? others : [...others, whole]
    }
  }

  /** Somebody else's edit of whole RRsets; one without rdata is removed. */
  edit(rrsets: readonly RRset[]): void {
    for (const rrset of rrsets) {
      const { type, ttl, rdata } = rrset
      const records = rdata.map((value) => ({ value: nativeValue(type, value) }))
      this.put({ name: this.relative(rrset.name), type, ttl, records })
    }
  }

  relative(name: string): string {
    return name === `${this.name}.` ? '@' : name.slice(0, -this.name.length - 2)
  }

  /** What a request would leave; undefined for nothing. */
  after({ name, type, action, body }: RRsetRequest): FakeRRset | undefined | HetznerError {
    const now = this.find(name, type)
    const { records = [] } = body
    if (type === 'SOA') return refusal(422, 'invalid_input', 'the SOA is managed by Hetzner')
    if (now?.protection.change === true) return refusal(403, 'protected', 'RRSet is protected')
    if (action === 'create' && now) return refusal(409, 'uniqueness_error', `RRSet '${name}/${type}' already exists`)
    const fresh: FakeRRset = { name, type, ttl: body.ttl ?? null, records: [], protection: { change: false } }
    if (action === 'create') return this.#checked({ ...fresh, records: records.map(noted) })
    if (action === 'add_records') return this.#withAdded(now ?? fresh, body)
    if (!now) return refusal(404, 'not_found', `RRSet '${name}/${type}' not found`)
    if (action === 'delete') return undefined
    if (action === 'set_records') return this.#checked({ ...now, records: records.map(noted) })
    if (action === 'change_ttl')
      return body.ttl === undefined ? invalid('ttl', 'is missing') : this.#checked({ ...now, ttl: body.ttl })
    if (action === 'remove_records') return this.#withoutRemoved(now, records)
    return refusal(404, 'not_found', `no action ${action}`)
  }

  #withAdded(now: FakeRRset, { ttl, records = [] }: RRsetRequest['body']): FakeRRset | HetznerError {
    if (records.length === 0) return invalid('records', 'must not be empty')
    if (ttl !== undefined && ttl !== now.ttl) return invalid('ttl', 'must be the one of the RRSet')
    const twin = records.find(({ value }) => now.records.some((other) => other.value === value))
    if (twin) return refusal(409, 'uniqueness_error', `record ${twin.value} already exists`)
    return this.#checked({ ...now, records: [...now.records, ...records.map(noted)] })
  }

  #withoutRemoved(now: FakeRRset, records: readonly FakeRecord[]): FakeRRset | undefined | HetznerError {
    const values = records.map(({ value }) => value)
    if (values.length === 0 || new Set(values).size < values.length) return invalid('records', 'must be distinct')
    const missing = values.find((value) => !now.records.some((other) => other.value === value))
    if (missing !== undefined) return refusal(404, 'not_found', `record ${missing} not found`)
    const left = now.records.filter(({ value }) => !values.includes(value))
    return left.length === 0 ? undefined : { ...now, records: left }
  }

  #checked(rrset: FakeRRset): FakeRRset | HetznerError {
    return brokenRule(rrset, this.rrsets, this.name) ?? rrset
  }

  /** Carries a request out, or says why not. */
  carryOut(request: RRsetRequest): HetznerError | undefined {
    const result = this.after(request)
    if (result !== undefined && 'status' in result) return result
    const { name, type } = request
    this.put(result ?? { name, type, records: [] })
    return undefined
  }
}

function noted({ value, comment }: FakeRecord): FakeRecord {
  return { value, comment: comment ?? null }
}

/** As the Console leaves it. */
function nativeValue(type: RRset['type'], rdata: RRset['rdata'][number]): string {
  if (type === 'TXT') {
    const text = rdata as Txt
    const strings = typeof text === 'string' ? [text] : text
    return strings.map((string) => quoted(Buffer.from(string))).join(' ')
  }
  return presentation(type, rdata)
}
