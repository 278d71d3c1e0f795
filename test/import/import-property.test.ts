import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Compiled, compile, type Targets } from '../../records/compile.js'
import { diffZone } from '../../records/diff.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { subjectOf } from '../../records/rr/rrset.js'
import { zoneWith } from '../../records/rr/zone.js'
import type { MailSpec } from '../../records/spec.js'
import type { RawSpec } from '../../src/config/schema.js'
import { load } from '../config/load.js'
import { rawSpec, specFrom, TARGETS } from '../worlds/arbitrary-spec.js'
import { imported, type Zones } from './imported.js'

const ZONES: Targets = new Map(Object.entries(TARGETS).map(([zone, targets]) => [zone as Name, targets]))

/** A spec without errors that makes no DKIM keys. */
const compiledSpec = rawSpec
  .filter(({ domains }) => Object.keys(domains).length > 0)
  .map((raw: RawSpec) => specFrom({ ...raw, defaults: { dkim: false } }))
  .map((spec) => ({ spec, compiled: compile(spec, [], ZONES) }))
  .filter(({ compiled }) => compiled.findings.every(({ severity }) => severity !== 'error'))

/** The zones as `apply` leaves them. */
function applied({ zones }: Compiled, owner: string | false): Zones {
  return Object.fromEntries(
    [...ZONES.keys()].map((zone) => {
      const { edits } = diffZone({ zone: zoneWith(zone, []), desired: zones.get(zone) ?? [], owner, manifestTtl: 3600 })
      return [zone, edits.map(({ change }) => subjectOf(change))]
    }),
  )
}

/** The records of the domains themselves. */
function domainRecords({ domains }: MailSpec, { zones }: Compiled): string[] {
  const names = new Set<string>(domains.map(({ name }) => name))
  return [...zones.values()]
    .flat()
    .filter(
      ({ purpose, rrset }) =>
        !['host', 'ptr', 'report'].includes(purpose) && (purpose !== 'spf' || names.has(rrset.name)),
    )
    .map(({ purpose, rrset }) => `${purpose} ${JSON.stringify(rrset)}`)
    .sort()
}

test('whatever mailsync wrote, imported it is a spec that says as much of the domains, and changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(compiledSpec, async ({ spec, compiled }) => {
      const domains = spec.domains.map(({ name }) => name)
      const { plan, changes, text } = await imported(applied(compiled, false), domains)
      expect({ changes, failures: plan.failures, keys: plan.keys }).toEqual({ changes: [], failures: [], keys: [] })
      const again = (await load(text)).spec as MailSpec
      expect(domainRecords(again, compile(again, [], ZONES))).toEqual(domainRecords(spec, compiled))
    }),
    { numRuns: 100 },
  )
})

test('of zones that a spec keeps, an import deletes nothing: it says all that is there, or is refused', async () => {
  const outcomes = { said: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(compiledSpec, async ({ spec, compiled }) => {
      const domains = spec.domains.map(({ name }) => name)
      try {
        const { plan, changes } = await imported(applied(compiled, 'default'), domains)
        expect({ changes, failures: plan.failures, keys: plan.keys }).toEqual({ changes: [], failures: [], keys: [] })
        outcomes.said += 1
      } catch (error) {
        if (!(error instanceof MailsyncError)) throw error
        expect(error.code).toBe('guard')
        outcomes.refused += 1
      }
    }),
    { numRuns: 100 },
  )
  expect(outcomes.said).toBeGreaterThan(outcomes.refused)
})
