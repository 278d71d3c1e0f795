import { isIPv4, isIPv6 } from 'node:net'
import { sortKey, stored } from './name.js'

/** A record set as it stands. `routing` is XML that plain sets do not have: an AliasTarget, a Weight. */
export interface FakeSet {
  readonly name: string
  readonly type: string
  readonly ttl?: number
  readonly values: readonly string[]
  readonly identifier?: string
  readonly routing?: string
}

export interface FakeChange {
  readonly action: string
  readonly set: FakeSet
}

export interface FakeZone {
  readonly id: string
  readonly name: string
  readonly isPrivate: boolean
  readonly service?: string
  sets: FakeSet[]
}

export const NAME_SERVERS = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net', 'ns-3.awsdns-03.org', 'ns-4.awsdns-04.co.uk']

/** A fresh zone as the service makes it, with SOA and NS. */
export function fakeZone(id: string, name: string, isPrivate: boolean, service?: string): FakeZone {
  const apex = stored(name)
  const soa = `${NAME_SERVERS[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`
  return {
    id,
    name: apex,
    isPrivate,
    ...(service === undefined ? {} : { service }),
    sets: [
      { name: apex, type: 'NS', ttl: 172800, values: NAME_SERVERS.map((server) => `${server}.`) },
      { name: apex, type: 'SOA', ttl: 900, values: [soa] },
    ],
  }
}

export function sorted(sets: readonly FakeSet[]): FakeSet[] {
  const key = (set: FakeSet): string => [sortKey(set.name), set.type, set.identifier ?? ''].join('\0')
  return [...sets].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function isSameKey(a: FakeSet, b: FakeSet): boolean {
  return a.name === b.name && a.type === b.type && a.identifier === b.identifier
}

/**
 * Applies a batch in order, all of it or, with the messages of everything that is wrong, nothing.
 */
export function applyBatch(zone: FakeZone, changes: readonly FakeChange[]): string[] {
  const weight = ({ action }: FakeChange): number => (action === 'UPSERT' ? 2 : 1)
  const sum = (count: (set: FakeSet) => number): number =>
    changes.reduce((total, change) => total + weight(change) * count(change.set), 0)
  if (sum(({ values }) => values.length) > 1000) return ['Number of records limit of 1000 exceeded.']
  if (sum(({ values }) => values.join('').length) > 32_000) return ['Number of characters limit of 32000 exceeded.']
  const errors: string[] = []
  const created: FakeSet[] = []
  let sets = zone.sets
  for (const { action, set: raw } of changes) {
    const set = { ...raw, name: stored(raw.name) }
    const current = sets.find((other) => isSameKey(other, set))
    const label = `[name='${set.name}', type='${set.type}']`
    if (action === 'DELETE') {
      if (created.some((other) => isSameKey(other, set)))
        errors.push(
          `The request contains an invalid set of changes for a resource record set '${set.type} ${set.name}'`,
        )
      else if (!current) errors.push(`Tried to delete resource record set ${label} but it was not found`)
      else if (!isExactly(current, set))
        errors.push(
          `Tried to delete resource record set ${label} but the values provided do not match the current values`,
        )
      sets = sets.filter((other) => other !== current)
    } else {
      if (current && action === 'CREATE')
        errors.push(`Tried to create resource record set ${label} but it already exists`)
      const others = sets.filter((other) => other !== current)
      errors.push(...refusals(zone, set, others))
      created.push(set)
      sets = [...others, set]
    }
  }
  if (errors.length === 0) zone.sets = sets
  return errors
}

function isExactly(a: FakeSet, b: FakeSet): boolean {
  const values = (set: FakeSet): string => [...set.values].sort().join('\0')
  return a.ttl === b.ttl && values(a) === values(b) && a.routing === b.routing
}

function refusals(zone: FakeZone, set: FakeSet, others: readonly FakeSet[]): string[] {
  const where = `RRSet of type ${set.type} with DNS name ${set.name} is not permitted`
  const errors: string[] = []
  if (set.name !== zone.name && !set.name.endsWith(`.${zone.name}`))
    errors.push(`RRSet with DNS name ${set.name} is not permitted in zone ${zone.name}`)
  if (set.type === 'CNAME' && set.name === zone.name) errors.push(`${where} at apex in zone ${zone.name}`)
  const beside = others.filter(({ name }) => name === set.name)
  if (beside.some(({ type }) => type === 'CNAME' || (set.type === 'CNAME' && type !== 'CNAME')))
    errors.push(`${where} as it conflicts with other records with the same DNS name in zone ${zone.name}.`)
  if (new Set(set.values).size < set.values.length) errors.push(`Duplicate Resource Record: '${set.values[0]}'`)
  for (const value of set.values) {
    const problem = VALUES[set.type]?.(value)
    if (problem) errors.push(`Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`)
  }
  return errors
}

const VALUES: Readonly<Record<string, (value: string) => string | undefined>> = {
  A: (value) => (isIPv4(value) ? undefined : 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'),
  AAAA: (value) => (isIPv6(value) ? undefined : 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'),
  MX: (value) => (/^\d{1,5} \S+$/.test(value) ? undefined : 'MXRRDATANotTwoFields (MX record doesn’t have 2 fields)'),
  SRV: (value) =>
    /^(?:\d{1,5} ){3}\S+$/.test(value) ? undefined : 'SRVRRDATANotFourFields (SRV record doesn’t have 4 fields)',
  TLSA: (value) =>
    /^(?:\d{1,3} ){3}(?:[0-9a-f]{2})+$/i.test(value) ? undefined : 'TLSARRDATA (Value is not a TLSA record)',
  CAA: (value) =>
    /^\d{1,3} [A-Za-z0-9]+ "(?:\\[0-7]{3}|\\[^0-7]|[ !#-[\]-~])*"$/.test(value)
      ? undefined
      : 'CAARRDATAValueNotInQuotes (CAA record value must be enclosed in quotation marks)',
  TXT: checkTxt,
}

function checkTxt(value: string): string | undefined {
  const strings = value.match(/"(?:\\[0-7]{3}|\\[^0-7]|[ !#-[\]-~])*"/g) ?? []
  if (value === '' || value.replace(/"(?:\\[0-7]{3}|\\[^0-7]|[ !#-[\]-~])*"/g, '').trim() !== '')
    return 'InvalidCharacterString (Value should be enclosed in quotation marks)'
  const octets = (text: string): number => text.slice(1, -1).replace(/\\[0-7]{3}|\\./g, '.').length
  return strings.some((text) => octets(text) > 255) ? 'CharacterStringTooLong (Value is too long)' : undefined
}
