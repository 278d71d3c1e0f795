import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import { type Change, changeBetween, type RRsetOf } from '../../../records/rr/rrset.js'
import { joinedTxt, type Txt, txtKey, txtOf } from '../../../records/rr/txt.js'
import { never } from '../rfc2136/rrsets.js'
import type { Fate } from './api-proxy.js'
import { connectTo } from './connect-to.js'
import { onEachPowerdns, type Story } from './on-each-powerdns.js'

const RUNS = Number(process.env.MAILSYNC_RUNS ?? 12)

/** What happens to our write: nothing, a fault, the end of the server, or somebody who writes between our look and our write. */
const MISHAPS = ['none', 'lose', 'busy', 'busy-after', 'killed-before', 'killed-after', 'rival'] as const

type Step =
  | { readonly kind: 'ours'; readonly value: string | undefined; readonly mishap: (typeof MISHAPS)[number] }
  | { readonly kind: 'theirs'; readonly value: Txt }
  | { readonly kind: 'gone'; readonly index: number }
  | { readonly kind: 'disabled'; readonly index: number }
  | { readonly kind: 'ttl'; readonly ttl: number }

const piece = fc.string({
  unit: fc.constantFrom('a', 'A', ' ', '"', '\\', ';', '0', '\x7f', 'é', '\udcff', '📬'),
  maxLength: 6,
})
const theirs = fc.array(piece, { minLength: 1, maxLength: 3 }).map(txtOf)
const ours = fc.option(fc.constantFrom('v=spf1 -all', 'v=spf1 a -all', 'v=spf1 exp="\\" -all'), { nil: undefined })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ours' as const), value: ours, mishap: fc.constantFrom(...MISHAPS) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('theirs' as const), value: theirs }) },
  fc.record({ kind: fc.constant('gone' as const), index: fc.nat(9) }),
  fc.record({ kind: fc.constant('disabled' as const), index: fc.nat(9) }),
  fc.record({ kind: fc.constant('ttl' as const), ttl: fc.constantFrom(60, 300, 3600) }),
)

/** Strangers' values by their keys, as they must stand at the apex. */
type Strangers = Map<string, Txt>

const isOurs = (value: Txt): boolean => joinedTxt(value).startsWith('v=spf1 ')

async function txtAt(provider: Provider, zone: Name): Promise<RRsetOf<'TXT'> | undefined> {
  return (await provider.read(zone, never)).find((one) => one.name === zone && one.type === 'TXT') as
    | RRsetOf<'TXT'>
    | undefined
}

/** The change that gives the apex these values, or that TTL. */
async function changeTo(provider: Provider, zone: Name, make: (now: readonly Txt[]) => readonly Txt[], ttl?: number) {
  const before = await txtAt(provider, zone)
  const rdata = make(before?.rdata ?? [])
  const after = { type: 'TXT' as const, name: zone, ttl: ttl ?? before?.ttl ?? 3600, rdata }
  return changeBetween(before, rdata.length === 0 ? undefined : after)
}

async function write(provider: Provider, zone: Name, change: Change | undefined): Promise<void> {
  if (change) expect(await provider.write(zone, [change], never)).toEqual({ applied: [change] })
}

/** Our write with its mishap. What it says of itself is compared with what stands there. */
async function weWrite(
  { zone, server, proxy, provider }: Story,
  rival: Provider,
  strangers: Strangers,
  { value, mishap }: Extract<Step, { kind: 'ours' }>,
): Promise<void> {
  const old = (await txtAt(rival, zone))?.rdata.filter(isOurs)
  const change = await changeTo(provider, zone, (now) => [
    ...now.filter((one) => !isOurs(one)),
    ...(value === undefined ? [] : [value]),
  ])
  if (change === undefined) return
  const busy = { status: 500, headers: { 'content-type': 'application/json' }, body: '{"error":"busy"}' }
  const fates: Partial<Record<typeof mishap, Fate>> = {
    lose: 'lose',
    busy: { when: 'before', answer: busy },
    'busy-after': { when: 'after', answer: busy },
    'killed-before': { first: () => server.kill() },
    'killed-after': { afterwards: () => server.kill() },
    rival: {
      first: async () => {
        await write(rival, zone, await changeTo(rival, zone, (now) => [...now, 'their own haste']))
        strangers.set('their own haste', 'their own haste')
      },
    },
  }
  const fate = fates[mishap]
  const calls = proxy.calls.length
  if (fate) proxy.meet('PATCH', fate)
  const { applied, uncertain = [], failure } = await provider.write(zone, [change], never)
  if (mishap.startsWith('killed')) await server.restart()
  expect(proxy.calls.length - calls).toBeGreaterThan(0)
  const now = (await txtAt(rival, zone))?.rdata.filter(isOurs) ?? []
  const wanted = value === undefined ? [] : [value]
  expect(applied.length + uncertain.length + (failure ? 1 : 0)).toBeGreaterThan(0)
  if (applied.length > 0) expect(now).toEqual(wanted)
  else if (uncertain.length === 0) expect(now).toEqual(old ?? [])
  else expect([wanted, old ?? []]).toContainEqual(now)
}

onEachPowerdns('strangers’ values', (tell, isNewer) => {
  test('stand at the apex as they left them, whatever we write beside them and whatever happens to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const story = await tell([])
        const { zone, server } = story
        const rival = connectTo(server.api.port, server.api.key)
        const strangers: Strangers = new Map()
        const disabled = new Set<string>()
        for (const one of steps) {
          const keys = [...strangers.keys()]
          if (one.kind === 'ours') {
            // Where the whole record is replaced, what is written in that very moment is lost, as the adapter's limits say.
            const mishap = one.mishap === 'rival' && (!isNewer || disabled.size > 0) ? 'none' : one.mishap
            await weWrite(story, rival, strangers, { ...one, mishap })
          } else if (one.kind === 'theirs' && !isOurs(one.value)) {
            await write(
              rival,
              zone,
              await changeTo(rival, zone, (now) => [
                ...now.filter((value) => txtKey(value) !== txtKey(one.value)),
                one.value,
              ]),
            )
            strangers.set(txtKey(one.value), one.value)
          } else if (one.kind === 'ttl') {
            await write(rival, zone, await changeTo(rival, zone, (now) => now, one.ttl))
          } else if (one.kind === 'gone' && keys.length > 0) {
            const key = keys[one.index % keys.length] as string
            await write(rival, zone, await changeTo(rival, zone, (now) => now.filter((value) => txtKey(value) !== key)))
            strangers.delete(key)
          } else if (one.kind === 'disabled') {
            const content = `"disabled ${one.index}"`
            await server.sql(
              `INSERT INTO records (domain_id, name, type, content, ttl, prio, disabled, auth) SELECT id, name, 'TXT', '${content}', 3600, 0, 1, 1 FROM domains WHERE name = '${zone.slice(0, -1)}' AND NOT EXISTS (SELECT 1 FROM records r WHERE r.domain_id = domains.id AND r.content = '${content}')`,
            )
            disabled.add(content)
          }
          const now = (await txtAt(rival, zone))?.rdata.filter((value) => !isOurs(value)) ?? []
          expect(now.map(txtKey).sort()).toEqual([...strangers.keys()].sort())
          const kept = (await story.native(zone, 'TXT'))?.records.filter((record) => record.disabled) ?? []
          expect(kept.map(({ content }) => content).sort()).toEqual([...disabled].sort())
        }
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: Number(process.env.MAILSYNC_TIME ?? 60_000) },
    )
  }, 600_000)
})
