import { domainToASCII } from 'node:url'
import type { RRset } from '../../../records/rr/rrset.js'
import { type FakeRecord, nativeOf } from './record.js'
import { type ApiError, brokenRule, type FakePlan, normalised, refusal } from './rules.js'

export interface FakeZoneSettings {
  readonly plan?: FakePlan
  /** The most records; zones of the Free plan from before 2024-09 have 1,000. Default: what the plan has now. */
  readonly quota?: number
  readonly account?: { readonly id: string; readonly name: string }
  /** What else the zone object says. */
  readonly zone?: object
}

type Sent = Omit<FakeRecord, 'id'>

/** The body of a batch call. */
export interface FakeBatch {
  readonly deletes?: readonly { readonly id: string }[]
  readonly patches?: readonly ({ readonly id: string } & Partial<Sent>)[]
  readonly puts?: readonly FakeRecord[]
  readonly posts?: readonly Sent[]
}

let ids = 0

/** 32 hexadecimal digits, never twice. */
function freshId(): string {
  ids += 1
  return ids.toString(16).padStart(32, '0')
}

/** One zone of the fake, with its records. */
export class FakeZone {
  readonly id = freshId()
  readonly plan: FakePlan
  records: readonly FakeRecord[] = []

  /** @param name as the API shows it: no trailing dot, Unicode for an IDN zone */
  constructor(
    readonly name: string,
    readonly settings: FakeZoneSettings = {},
  ) {
    this.plan = settings.plan ?? 'free'
  }

  /** The zone object of the API, for a token with these permissions. */
  shown(permissions: readonly string[]): object {
    return {
      id: this.id,
      name: this.name,
      status: 'active',
      type: 'full',
      paused: false,
      name_servers: ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
      permissions: permissions.map((one) => `#${one.replace(/^dns:/, 'dns_records:')}`),
      account: this.settings.account ?? { id: 'a'.repeat(32), name: 'main' },
      plan: { id: freshId(), legacy_id: this.plan, name: `${this.plan} plan` },
      ...this.settings.zone,
    }
  }

  /** Somebody else's edit in the dashboard. */
  put(...records: (Omit<FakeRecord, 'id'> & { readonly id?: string })[]): void {
    this.records = [...this.records, ...records.map((record) => ({ id: freshId(), meta: {}, ...record }))]
  }

  /** Somebody else's edit of whole RRsets; one without rdata is removed. */
  edit(rrsets: readonly RRset[]): void {
    for (const { type, name } of rrsets)
      this.records = this.records.filter((record) => record.type !== type || `${record.name}.` !== name)
    this.put(...rrsets.flatMap(nativeOf))
  }

  /** All or nothing, in the API's own order; gives what it did, or why it did not. */
  batch({ deletes = [], patches = [], puts = [], posts = [] }: FakeBatch): FakeBatch | ApiError {
    const limit = this.plan === 'free' ? 200 : 3500
    if (deletes.length + patches.length + puts.length + posts.length > limit)
      return refusal(9207, `More than ${limit} operations in a batch.`)
    const before = this.records
    const failed =
      this.#each('deletes', deletes, ({ id }) => this.#delete(id)) ??
      this.#each('patches', patches, ({ id, ...changed }) => this.#change(id, changed)) ??
      this.#each('puts', puts, ({ id, ...whole }) => this.#change(id, whole)) ??
      this.#each('posts', posts, (sent) => this.#add({ id: freshId(), ...normalised(sent, this.ascii()), meta: {} }))
    if (failed === undefined) return { deletes, patches, puts, posts }
    this.records = before
    return failed
  }

  /** The name as records have it. */
  ascii(): string {
    return /^[ -~]*$/.test(this.name) ? this.name : domainToASCII(this.name)
  }

  #each<T>(list: string, items: readonly T[], run: (item: T) => ApiError | undefined): ApiError | undefined {
    for (const [index, item] of items.entries()) {
      const error = run(item)
      if (error) return { ...error, source: { pointer: `/${list}/${index}` } }
    }
    return undefined
  }

  #delete(id: string): ApiError | undefined {
    const record = this.#changeable(id)
    if ('code' in record) return record
    this.records = this.records.filter((other) => other !== record)
    return undefined
  }

  #change(id: string, changed: Partial<Sent>): ApiError | undefined {
    const record = this.#changeable(id)
    if ('code' in record) return record
    if (changed.type !== undefined && changed.type !== record.type)
      return refusal(9207, 'The type of a record cannot be changed.')
    this.records = this.records.filter((other) => other !== record)
    return this.#add({ id, meta: {}, ...normalised({ ...record, ...changed }, this.ascii()) })
  }

  #changeable(id: string): FakeRecord | ApiError {
    const record = this.records.find((other) => other.id === id)
    if (record === undefined) return refusal(81044, 'Record does not exist.', 404)
    const readOnly = record.meta !== undefined && 'read_only' in record.meta && record.meta.read_only === true
    return readOnly ? refusal(1046, 'This record is managed by Email Routing.') : record
  }

  #add(record: FakeRecord): ApiError | undefined {
    const broken = brokenRule(record, this.records, this.plan)
    if (broken) return broken
    if (this.records.length >= (this.settings.quota ?? (this.plan === 'free' ? 200 : 3500)))
      return refusal(81045, 'Record quota exceeded.')
    this.records = [...this.records, record]
    return undefined
  }
}
