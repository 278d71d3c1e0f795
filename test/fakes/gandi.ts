import { quoteTxt } from '../../records/rr/txt.js'
import { type HeldRRset, json, RRsetZones } from './rrset-zones.js'

interface GandiRRset {
  readonly rrset_name: string
  readonly rrset_type: string
  readonly rrset_ttl: number
  readonly rrset_values: readonly string[]
}

/**
 * A stateful Gandi LiveDNS (https://api.gandi.net/docs/livedns/, read 2026-11): sets are made, and taken away, whole; the TTL
 * is 300 to 2,592,000 seconds; TXT without quotes is quoted.
 */
export class FakeGandi {
  readonly zones = new RRsetZones()
  readonly token = 'a-gandi-token-that-must-never-be-seen'

  readonly answer = async (request: Request): Promise<Response> => {
    if (request.headers.get('authorization') !== `Bearer ${this.token}`)
      return refusal(401, 'The server could not verify that you authorized to access the document you requested.')
    const { pathname, searchParams } = new URL(request.url)
    const [, , , zone, part, name, type] = pathname.split('/').slice(1).map(decodeURIComponent)
    if (zone === undefined)
      return page(
        this.zones.names.map((fqdn) => ({ fqdn })),
        searchParams,
      )
    const rrsets = this.zones.rrsets(zone)
    if (rrsets === undefined) return refusal(404, `Domain not found: ${zone}`)
    if (part === undefined) return json({ fqdn: zone, automatic_snapshots: true })
    if (request.method === 'GET') return page(rrsets.map(shown), searchParams)
    if (request.method === 'DELETE') {
      const held = this.zones.find(zone, name ?? '', type ?? '')
      if (!held) return refusal(404, `Can't find the DNS record ${name}/${type} in the zone`)
      this.zones.put(zone, { ...held, values: [] })
      return json(undefined, 204)
    }
    return this.#create(zone, (await request.json()) as GandiRRset)
  }

  #create(zone: string, body: GandiRRset): Response {
    const { rrset_name: name, rrset_type: type, rrset_ttl: ttl } = body
    const values = body.rrset_values.map((value) =>
      type === 'TXT' && !value.startsWith('"') ? quoteTxt(value) : value,
    )
    const rrset = { name, type, ttl, values }
    if (ttl < 300 || ttl > 2_592_000) return refusal(400, 'rrset_ttl: must be between 300 and 2592000')
    if (values.length === 0) return refusal(400, 'rrset_values: must not be empty')
    if (this.zones.find(zone, name, type)) return refusal(409, `A DNS Record already exists with same value`)
    if (this.zones.isBlocked(zone, rrset)) return refusal(400, 'CNAME is not allowed beside other records')
    this.zones.put(zone, rrset)
    return json({ message: 'DNS Record Created' }, 201)
  }
}

function shown({ name, type, ttl, values }: HeldRRset): GandiRRset {
  return { rrset_name: name, rrset_type: type, rrset_ttl: ttl, rrset_values: values }
}

function page(items: readonly unknown[], query: URLSearchParams): Response {
  const [number, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 100)]
  return json(items.slice((number - 1) * size, number * size), 200, { 'total-count': String(items.length) })
}

function refusal(status: number, message: string): Response {
  return json({ code: status, message, object: 'HTTPError', cause: 'refused' }, status)
}
