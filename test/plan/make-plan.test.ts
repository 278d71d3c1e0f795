import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import { afterOf } from '../../records/rr/rrset.js'
import { countChanges, hasChanges, type PlannedChange } from '../../src/plan/plan.js'
import { parsePlan } from '../../src/plan/plan-schema.js'
import { rrset } from '../records/zone-fixtures.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = `providers: { one: { class: memory }, two: { class: memory } }
zones:
  example.com: { targets: [one, two] }
  example.net: { targets: [two] }
hosts:
  mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false }
domains:
  example.com: { mx: [mail.example.com], dkim: false, dmarc: false }
`
const empty = { one: { 'example.com.': [] }, two: { 'example.com.': [], 'example.net.': [] } }

describe('a plan', () => {
  test('says what would change at each provider of a zone, and where the spec asks for it', async () => {
    const plan = await planText(await worldOf(empty), SPEC)
    expect(planned(plan)).toEqual(
      ['one', 'two'].flatMap((provider) => [
        `${provider}: + example.com. MX 3600 10 mail.example.com.`,
        `${provider}: + example.com. TXT 3600 v=spf1 ip4:192.0.2.1 ~all`,
        `${provider}: + mail.example.com. A 3600 192.0.2.1`,
      ]),
    )
    const places = plan.zones[0]?.changes.map(({ edits }) => edits[0]?.where)
    expect(places?.map((where) => where && `${where.line}:${where.column}`)).toEqual(['8:22', '8:3', '6:34', undefined])
    expect(countChanges(plan.zones)).toEqual({ create: 6, update: 0, delete: 0, zones: 2, claimed: 0, left: 0 })
    expect(plan).toMatchObject({ unchanged: 1, failures: [], owner: 'default', spec: 'mailsync.yaml' })
    expect(hasChanges(plan)).toBe(true)
  })

  test('writes nothing', async () => {
    const world = await worldOf(empty)
    await planText(world, SPEC)
    expect(world.lines()).toEqual([])
  })

  test('is empty where everything is as it should be and remembered', async () => {
    const held = [
      rrset('@ 3600 MX 10 mail.example.com.'),
      rrset('@ 60 TXT v=spf1 ip4:192.0.2.1 ~all | google=1'),
      rrset('mail 3600 A 192.0.2.1'),
      rrset('_mailsync 3600 TXT v=mailsync1; owner=default; host.A=mail; mx.MX=@; spf.TXT=@'),
    ]
    const plan = await planText(
      await worldOf({ one: { 'example.com.': held }, two: { 'example.com.': held, 'example.net.': [] } }),
      SPEC,
    )
    expect(plan).toMatchObject({ zones: [], unchanged: 3 })
    expect(hasChanges(plan)).toBe(false)
  })

  test('only remembers what is as it should be and was not ours', async () => {
    const held = [
      rrset('@ 3600 MX 10 mail.example.com.'),
      rrset('@ 60 TXT v=spf1 ip4:192.0.2.1 ~all | google=1'),
      rrset('mail 3600 A 192.0.2.1'),
    ]
    const plan = await planText(await worldOf({ ...empty, one: { 'example.com.': held } }), SPEC)
    expect(plan.zones[0]).toMatchObject({ provider: 'one', claimed: [{}, {}, {}], owned: 0, removed: 0 })
    expect(plan.zones[0]?.changes.map(({ manifest, edits }) => [manifest, edits])).toEqual([[true, []]])
  })

  test('can be saved and read again, octets that are no text included', async () => {
    const binary = rrset('@ 60 TXT \udcff\udc00')
    const plan = await planText(await worldOf({ ...empty, one: { 'example.com.': [binary] } }), SPEC)
    expect(afterOf(plan.zones[0]?.changes[1] as PlannedChange)?.rdata).toContain('\udcff\udc00')
    expect(parsePlan(JSON.parse(Buffer.from(JSON.stringify(plan)).toString()))).toEqual(plan)
  })

  test('names the keys it waits for, by the selector they will have', async () => {
    const plan = await planText(await worldOf(empty), SPEC.replace('dkim: false', 'dkim: { algorithms: [ed25519] }'))
    expect(plan.keys).toEqual([
      {
        domain: 'example.com.',
        algorithm: 'ed25519',
        selector: 's202611',
        where: { file: 'mailsync.yaml', line: 8, column: 48 },
      },
    ])
  })

  test('reports how far it is', async () => {
    const seen: string[] = []
    await planText(await worldOf(empty), SPEC, { onProgress: (done, total) => seen.push(`${done}/${total}`) })
    expect(seen).toEqual(['1/3', '2/3', '3/3'])
  })

  test('reads no more zones at once than it may', async () => {
    let reading = 0
    let most = 0
    const world = await worldOf(empty, {
      wrap: (provider) => ({
        ...provider,
        read: async (zone, signal) => {
          most = Math.max(most, ++reading)
          await new Promise((resolve) => setImmediate(resolve))
          reading -= 1
          return provider.read(zone, signal)
        },
      }),
    })
    await planText(world, SPEC, { parallel: 2 })
    expect(most).toBe(2)
  })
})

describe('a zone that cannot be read', () => {
  test('is a failure of its own, told in its provider’s words; the others are planned', async () => {
    const world = await worldOf(empty, {
      wrap: (provider, name) => ({
        ...provider,
        read: async (zone, signal) => {
          if (name === 'two' && zone === 'example.com.')
            throw new MailsyncError('authentication', 'the token is wrong', { apiCode: '9109', hint: 'mend it' })
          return provider.read(zone, signal)
        },
      }),
    })
    const plan = await planText(world, SPEC)
    expect(plan.failures).toEqual([
      {
        zone: 'example.com.',
        provider: 'two',
        code: 'authentication',
        message: 'the token is wrong',
        apiCode: '9109',
        hint: 'mend it',
      },
    ])
    expect(plan.zones.map(({ provider }) => provider)).toEqual(['one'])
    expect(plan.unchanged).toBe(1)
  })

  test('for a reason that is none of ours is called a bug', async () => {
    const world = await worldOf(empty, {
      wrap: (provider) => ({ ...provider, read: () => Promise.reject(new TypeError('x is undefined')) }),
    })
    const { failures } = await planText(world, SPEC)
    expect(failures.map(({ code }) => code)).toEqual(['bug', 'bug', 'bug'])
    expect(failures[0]?.message).toContain('x is undefined')
  })
})

describe('a provider that cannot hold a record', () => {
  test.each([
    [
      'because of its type',
      { traits: { types: ['A', 'TXT'], write: 'atomic', compareAndSwap: true, ttl: { min: 0, max: 9999 } } as const },
      'example.com. MX: it cannot hold MX records',
    ],
    [
      'because of what it says',
      { rejects: (one: { type: string }) => (one.type === 'MX' ? 'no mail here' : undefined) },
      'example.com. MX: no mail here',
    ],
  ])('%s: an error at the record, and the zone is not written', async (_, plugin, message) => {
    const plan = await planText(await worldOf(empty, { plugin }), SPEC, { zone: ['example.com'] })
    expect(problemLines(plan)).toContain(`mailsync.yaml:8:22 provider-rejects: ${message} (example.com. one)`)
    expect(plan.failures).toMatchObject([
      { zone: 'example.com.', provider: 'one', code: 'rejected' },
      { zone: 'example.com.', provider: 'two', code: 'rejected' },
    ])
    expect(plan.zones).toEqual([])
  })
})

test('a TTL is moved into what the provider allows before it is compared', async () => {
  const traits = {
    types: ['A', 'MX', 'TXT'],
    write: 'atomic',
    compareAndSwap: true,
    ttl: { min: 7200, max: 9999 },
  } as const
  const plan = await planText(await worldOf(empty, { plugin: { traits } }), SPEC, { zone: ['example.com'] })
  expect(planned(plan)[2]).toBe('one: + mail.example.com. A 7200 192.0.2.1')
})

test('what the provider shows otherwise is compared as it shows it', async () => {
  const held = rrset('mail 1 A 192.0.2.1')
  const world = await worldOf(
    { ...empty, one: { 'example.com.': [held] } },
    { plugin: { canonicalize: (one) => ({ ...one, ttl: 1 }) } },
  )
  const { zones } = await planText(world, SPEC, { zone: ['example.com'] })
  expect(zones.find(({ provider }) => provider === 'one')).toMatchObject({ claimed: [{ purpose: 'host' }] })
})
