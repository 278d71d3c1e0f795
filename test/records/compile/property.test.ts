import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Compiled, compile } from '../../../records/compile.js'
import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import type { Name } from '../../../records/rr/name.js'
import type { RawSpec } from '../../../src/config/schema.js'
import { KEYS, rawSpec, specFrom } from '../../worlds/arbitrary-spec.js'

function compileRaw(raw: RawSpec, keys: readonly DkimPublicKey[]): Compiled {
  const spec = specFrom(raw)
  return compile(spec, keys, new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets])))
}

/** Everything that does not depend on where the spec says it. */
function bytesOf({ zones, findings, manual, neededKeys }: Compiled): string {
  return JSON.stringify({
    zones: [...zones].map(([zone, records]) => [zone, records.map(({ from, ...record }) => record)]),
    findings: findings.map(({ rule, message }) => `${rule} ${message}`).sort(),
    manual: manual.map(({ what }) => what).sort(),
    neededKeys: neededKeys.map(({ domain, selector }) => `${selector} ${domain}`).sort(),
  })
}

/** The entries of a mapping in another order. */
function shuffled<T>(entries: Readonly<Record<string, T>> | undefined, ranks: readonly number[]): Record<string, T> {
  const ranked = Object.entries(entries ?? {}).map((entry, index) => [ranks[index] ?? 0, entry] as const)
  return Object.fromEntries(ranked.sort(([a], [b]) => a - b).map(([, entry]) => entry))
}

const ranks = fc.array(fc.nat(100), { minLength: 10, maxLength: 10 })

test('the order of hosts, domains, keys, zones and lists makes no difference: the same bytes', () => {
  fc.assert(
    fc.property(rawSpec, ranks, fc.shuffledSubarray([...KEYS], { minLength: KEYS.length }), (raw, order, keys) => {
      const other: RawSpec = {
        ...raw,
        zones: shuffled(raw.zones, order),
        domains: shuffled(raw.domains, order),
        hosts: shuffled(
          Object.fromEntries(
            Object.entries(raw.hosts ?? {}).map(([name, host]) => [
              name,
              { ...host, addresses: [...(host.addresses as string[])].reverse() },
            ]),
          ),
          order,
        ),
      }
      expect(bytesOf(compileRaw(other, keys))).toBe(bytesOf(compileRaw(raw, KEYS)))
    }),
    { numRuns: 150 },
  )
})

test('every record is in the zone that holds its name, and once for its purpose', () => {
  fc.assert(
    fc.property(rawSpec, (raw) => {
      for (const [zone, records] of compileRaw(raw, KEYS).zones) {
        const slots = records.map(({ rrset, purpose }) => `${rrset.name} ${rrset.type} ${purpose}`)
        expect(slots).toEqual([...new Set(slots)])
        for (const { rrset } of records) {
          expect(`.${rrset.name}`.endsWith(`.${zone as Name}`)).toBe(true)
          expect(rrset.rdata.length).toBeGreaterThan(0)
        }
      }
    }),
    { numRuns: 80 },
  )
})
