import { type HeldRRset, json, RRsetZones } from './rrset-zones.js'

interface DesecRRset {
  readonly subname: string
  readonly type: string
  readonly ttl: number | string
  readonly records: readonly string[]
}

/**
 * A stateful deSEC (https://desec.readthedocs.io, read 2026-11): one PATCH of many sets, all or nothing; a set without records
 * is removed; the TTL is 3600 to 86,400 seconds; TXT is quoted.
 */
export class FakeDesec {
  readonly zones = new RRsetZones()
  readonly token = 'a-desec-token-that-must-never-be-seen'

  readonly answer = async (request: Request): Promise<Response> => {
    if (request.headers.get('authorization') !== `Token ${this.token}`) return json({ detail: 'Invalid token.' }, 401)
    const [, , , zone, part] = new URL(request.url).pathname.split('/').slice(1).map(decodeURIComponent)
    if (zone === undefined || zone === '') return json(this.zones.names.map((name) => ({ name, minimum_ttl: 3600 })))
    const rrsets = this.zones.rrsets(zone)
    if (rrsets === undefined) return json({ detail: 'Not found.' }, 404)
    if (part !== 'rrsets') return json({ name: zone, minimum_ttl: 3600 })
    if (request.method === 'GET') return json(rrsets.map((rrset) => shown(zone, rrset)))
    return this.#patch(zone, (await request.json()) as DesecRRset[])
  }

  #patch(zone: string, sets: readonly DesecRRset[]): Response {
    const wanted = sets.map(({ subname, type, ttl, records }) => ({
      name: subname === '' ? '@' : subname,
      type,
      ttl: Number(ttl),
      values: records,
    }))
    const gone = wanted.filter(({ values }) => values.length === 0)
    const errors = wanted.map((rrset) => this.#faultOf(zone, rrset, gone))
    if (errors.some((error) => error !== undefined))
      return json(
        errors.map((error) => error ?? {}),
        400,
      )
    for (const rrset of [...gone, ...wanted.filter((one) => !gone.includes(one))]) this.zones.put(zone, rrset)
    return json(sets)
  }

  #faultOf(zone: string, rrset: HeldRRset, gone: readonly HeldRRset[]): object | undefined {
    if (rrset.values.length === 0) return undefined
    if (rrset.ttl < 3600 || rrset.ttl > 86_400) return { ttl: ['Ensure this value is greater than or equal to 3600.'] }
    if (
      rrset.type === 'TXT' &&
      rrset.values.some((value) => !/^"(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*$/s.test(value))
    )
      return { records: ['Data for TXT records must be given using quotation marks.'] }
    const makesRoom = gone.some(({ name }) => name === rrset.name)
    return !makesRoom && this.zones.isBlocked(zone, rrset)
      ? { non_field_errors: ['RRset with conflicting type present: CNAME.'] }
      : undefined
  }
}

function shown(zone: string, { name, type, ttl, values }: HeldRRset): object {
  const subname = name === '@' ? '' : name
  return { domain: zone, subname, name: `${subname === '' ? '' : `${subname}.`}${zone}.`, type, ttl, records: values }
}
