import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import type { Finding } from '../../../records/finding.js'
import type { Name } from '../../../records/rr/name.js'
import { canonical, type RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { checkZone } from '../../../records/rules.js'
import { compiled, serving } from '../compile/compiled.js'

export const APEX = 'example.com.' as Name
export const at = (name: string) => (name === '@' ? APEX : `${name}.${APEX}`) as Name
export const txt = (name: string, ...rdata: string[]): RRset =>
  canonical({ type: 'TXT', name: at(name), ttl: 60, rdata })
export const example = serving('example.com')
export const mail = 'hosts: { mail.example.com: { addresses: [9.9.9.10], helo_spf: false } }\n'

/** What is told about the zone, as `severity rule: message`: see {@link findingsOf}. */
export async function told(...zone: Parameters<typeof findingsOf>): Promise<string[]> {
  return (await findingsOf(...zone)).map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`)
}

/** What is found in the zone: in what the spec wants in it, and what stands there besides. */
export async function findingsOf(
  spec: string,
  besides: readonly RRset[],
  keys: readonly DkimPublicKey[] = [],
): Promise<Finding[]> {
  const { zones, input } = await compiled(example + spec, keys)
  const wanted = (zones.get(APEX) ?? []).map(({ rrset }) => rrset)
  const merged = besides.map((rrset) => {
    const same = wanted.find(({ name, type }) => name === rrset.name && type === rrset.type)
    return same ? ({ ...rrset, rdata: [...rrset.rdata, ...same.rdata] } as RRset) : rrset
  })
  const others = wanted.filter(({ name, type }) => !merged.some((one) => one.name === name && one.type === type))
  return checkZone(input, zoneWith(APEX, [...merged, ...others]), zoneWith(APEX, besides))
}
