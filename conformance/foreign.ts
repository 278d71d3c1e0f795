import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { asHeld } from '../providers/as-held.js'
import type { AnyRRset } from '../records/rr/rrset.js'
import { keyOf } from '../records/rr/rrset.js'
import { a, at } from './rrsets.js'
import { type ConformanceSubject, contents, never, type Story, withZone, ZONE } from './subject.js'

const SEEN = 'what mailsync never writes is seen as locked, and stays beside what is written'

export function foreignCases(subject: ConformanceSubject): Story[] {
  if (subject.can.putForeign !== true) return []
  return [{ title: SEEN, rrsets: [a('mail', ['192.0.2.10'])], run: () => seeForeign(subject) }]
}

async function seeForeign(subject: ConformanceSubject): Promise<void> {
  const [mine, later] = [a('mail', ['192.0.2.10']), a('mail', ['192.0.2.11'])].map((rrset) =>
    asHeld(subject.plugin, rrset),
  ) as [ReturnType<typeof a>, ReturnType<typeof a>]
  await withZone(subject, ZONE, [mine], async (open) => {
    const { provider } = open
    const name = at('foreign')
    ok(open.putForeign, 'the subject says that it can put such a set')
    const key = keyOf({ name, type: await open.putForeign(name) })
    const find = async (): Promise<AnyRRset | undefined> =>
      (await provider.read(ZONE, never)).find((rrset) => keyOf(rrset) === key)
    const before = await find()
    match(before?.locked ?? '', /\S/, `${key} is read, and says why it is locked`)
    const result = await provider.write(ZONE, [{ kind: 'update', before: mine, after: later }], never)
    deepStrictEqual(result.failure, undefined)
    deepStrictEqual(await find(), before, 'it is as it was')
    deepStrictEqual(
      (await contents(provider, ZONE)).filter((rrset) => rrset.locked === undefined),
      [later],
    )
  })
}
