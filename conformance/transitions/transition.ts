import { deepStrictEqual, notStrictEqual } from 'node:assert/strict'
import { asHeld } from '../../providers/as-held.js'
import type { Name } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { changesBetween } from '../rrsets.js'
import { assertHolds, assertWritten, type ConformanceSubject, contents, never, withZone, ZONE } from '../subject.js'

export interface Transition {
  readonly title: string
  readonly zone?: Name
  /** The zone holds the first state, then is taken to each of the others in turn. */
  readonly states: readonly (readonly RRset[])[]
}

export async function runTransition(subject: ConformanceSubject, { zone = ZONE, states }: Transition): Promise<void> {
  const [first = [], ...others] = states.map((state) => state.map((rrset) => asHeld(subject.plugin, rrset)))
  await withZone(subject, zone, first, async ({ provider }) => {
    let current = await contents(provider, zone)
    assertHolds(current, first, 'the zone as it was made is read back')
    for (const wanted of others) {
      const changes = changesBetween(current, wanted)
      notStrictEqual(changes.length, 0)
      const result = await provider.write(zone, changes, never)
      assertWritten(result)
      deepStrictEqual([...result.applied], changes, 'every change is reported as applied')
      current = await contents(provider, zone)
      assertHolds(current, wanted, 'what is read back equals what was written')
      deepStrictEqual(changesBetween(current, wanted), [], 'planning again finds nothing to do')
    }
  })
}
