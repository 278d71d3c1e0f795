import type { Name } from '../../records/rr/name.js'
import { relativeTo } from '../../records/rr/name.js'
import { rdataText } from '../../records/rr/rdata.js'
import type { RRset } from '../../records/rr/rrset.js'
import { quoteTxt, type Txt, unquoteTxt } from '../../records/rr/txt.js'

/** An RRset as an API of RRsets holds it. */
export interface HeldRRset {
  /** Relative to the zone; `@` is its apex. */
  readonly name: string
  readonly type: string
  readonly ttl: number
  /** In presentation form. */
  readonly values: readonly string[]
}

/** The zones of a fake whose API is one of RRsets, by their names without the dot at the end. */
export class RRsetZones {
  readonly #zones = new Map<string, Map<string, HeldRRset>>()

  get names(): string[] {
    return [...this.#zones.keys()]
  }

  /** Only this zone, with nothing in it but its name servers. */
  begin(zone: Name): void {
    this.#zones.clear()
    this.#zones.set(zone.slice(0, -1), new Map())
    this.put(zone.slice(0, -1), {
      name: '@',
      type: 'NS',
      ttl: 3600,
      values: ['ns1.fake.example.', 'ns2.fake.example.'],
    })
  }

  rrsets(zone: string): HeldRRset[] | undefined {
    const held = this.#zones.get(zone)
    return held && [...held.values()]
  }

  find(zone: string, name: string, type: string): HeldRRset | undefined {
    return this.#zones.get(zone)?.get(`${name} ${type}`)
  }

  /** Puts a set, or removes it where it has no values. TXT is kept as a server writes it. */
  put(zone: string, rrset: HeldRRset): void {
    const key = `${rrset.name} ${rrset.type}`
    const values = rrset.type === 'TXT' ? rrset.values.map((value) => quoteTxt(unquoteTxt(value))) : rrset.values
    if (values.length === 0) this.#zones.get(zone)?.delete(key)
    else this.#zones.get(zone)?.set(key, { ...rrset, values: [...new Set(values)] })
  }

  /** Somebody else's edit. */
  edit(zone: Name, rrsets: readonly RRset[]): void {
    for (const { name, type, ttl, rdata } of rrsets) {
      const values = rdata.map((value) => (type === 'TXT' ? quoteTxt(value as Txt) : rdataText(type, value)))
      this.put(zone.slice(0, -1), { name: relativeTo(zone, name), type, ttl, values })
    }
  }

  /** What keeps a set from being written: a CNAME beside it, or others beside a CNAME (RFC 1034 §3.6.2). */
  isBlocked(zone: string, { name, type }: HeldRRset): boolean {
    const beside = (this.rrsets(zone) ?? []).filter((one) => one.name === name && one.type !== type)
    return type === 'CNAME' ? beside.length > 0 : beside.some((one) => one.type === 'CNAME')
  }
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}
