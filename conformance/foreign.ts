import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { asHeld } from '../providers/as-held.js'
import { type AnyRRset, type Change, keyOf, type RRset } from '../records/rr/rrset.js'
import { a, at } from './rrsets.js'
import {
  assertWritten,
  type ConformanceSubject,
  contents,
  never,
  type OpenZone,
  type Story,
  withZone,
  ZONE,
} from './subject.js'

const mine = a('mail', ['192.0.2.10'])
const later = a('mail', ['192.0.2.11'])

/** What stands in a zone and is never written: types mailsync does not know, and sets that are locked. */
export function foreignCases(subject: ConformanceSubject): Story[] {
  const held = (rrset: RRset): RRset => asHeld(subject.plugin, rrset)
  return [
    {
      title: 'what mailsync never writes is seen as locked, and stays beside what is written',
      rrsets: [mine],
      needs: 'putForeign',
      run: () => writeBeside(subject, putForeign),
    },
    {
      title: 'a locked set is seen with its reason, and stays beside what is written',
      rrsets: [mine],
      needs: 'putLocked',
      run: () => writeBeside(subject, putLocked),
    },
    {
      title: 'create is refused where somebody put a locked set meanwhile',
      rrsets: [mine],
      needs: 'putLocked',
      run: () => withZone(subject, ZONE, [], (open) => refuseLocked(open, { kind: 'create', after: held(mine) })),
    },
    {
      title: 'update is refused where a set was locked meanwhile',
      rrsets: [mine],
      needs: 'putLocked',
      run: () =>
        withZone(subject, ZONE, [held(mine)], async (open) => {
          await open.edit([{ ...held(mine), rdata: [] } as RRset])
          await refuseLocked(open, { kind: 'update', before: held(mine), after: held(later) })
        }),
    },
  ]
}

/** Puts the set; gives its key. */
type Put = (open: OpenZone) => Promise<string>

async function putForeign(open: OpenZone): Promise<string> {
  ok(open.putForeign, 'the subject says that it can put such a set')
  const name = at('foreign')
  return keyOf({ name, type: await open.putForeign(name) })
}

async function putLocked(open: OpenZone, label = 'locked'): Promise<string> {
  ok(open.putLocked, 'the subject says that it can put a locked set')
  const name = at(label)
  await open.putLocked(name)
  return keyOf({ name, type: 'A' })
}

async function find({ provider }: OpenZone, key: string): Promise<AnyRRset | undefined> {
  return (await provider.read(ZONE, never)).find((rrset) => keyOf(rrset) === key)
}

async function writeBeside(subject: ConformanceSubject, put: Put): Promise<void> {
  const [before, after] = [asHeld(subject.plugin, mine), asHeld(subject.plugin, later)]
  await withZone(subject, ZONE, [before], async (open) => {
    const key = await put(open)
    const locked = await find(open, key)
    match(locked?.locked ?? '', /\S/, `${key} is read, and says why it is locked`)
    assertWritten(await open.provider.write(ZONE, [{ kind: 'update', before, after }], never))
    deepStrictEqual(await find(open, key), locked, 'it is as it was')
    deepStrictEqual(
      (await contents(open.provider, ZONE)).filter((rrset) => rrset.locked === undefined),
      [after],
    )
  })
}

async function refuseLocked(open: OpenZone, change: Change): Promise<void> {
  await contents(open.provider, ZONE)
  const key = await putLocked(open, 'mail')
  const locked = await find(open, key)
  const result = await open.provider.write(ZONE, [change], never)
  deepStrictEqual(result.failure?.code === 'rejected' ? 'stale' : result.failure?.code, 'stale')
  deepStrictEqual([...result.applied], [])
  deepStrictEqual(await find(open, key), locked, 'it is as it was')
}
