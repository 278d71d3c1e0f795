import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { a, aaaa, mx, txt } from '../../../conformance/rrsets.js'
import { contents, never, ZONE } from '../../../conformance/subject.js'
import type { Provider, WriteResult } from '../../../providers/provider.js'
import { diffZone } from '../../../records/diff.js'
import type { MailRecord, Purpose } from '../../../records/families/mail-record.js'
import { type Change, canonical, keyOf, type RRset, sameRRset, subjectOf } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { connectRoute53 } from '../../fakes/route53/connect.js'
import { awsError, type Fault, Route53Fake } from '../../fakes/route53/route53.js'
import { putTyped } from '../../fakes/route53/typed.js'
import type { FakeZone } from '../../fakes/route53/zone.js'

const strangers = [txt('@', ['google-site-verification=abc', 'MS=ms"1"\\']), a('www', ['192.0.2.80', '192.0.2.81'])]
const unavailable = awsError(503, 'ServiceUnavailable', 'try later')

const FAULTS: Readonly<Record<string, Fault>> = {
  'the connection is cut before Route 53 acts': { when: 'before', reply: 'cut' },
  'the connection is cut after Route 53 acted': { when: 'after', reply: 'cut' },
  'a 503 before Route 53 acts': unavailable,
  'a 503 after Route 53 acted': { ...unavailable, when: 'after' },
  'the reply is lost in a proxy': { when: 'after', reply: { status: 200, body: '<html><p>Welcome</html>' } },
  throttling: awsError(400, 'Throttling', 'Rate exceeded'),
  'an earlier change under way': awsError(400, 'PriorRequestNotComplete', 'still processing'),
  'credentials that expire': awsError(403, 'ExpiredToken', 'expired'),
}

let fake: Route53Fake
let zone: FakeZone

beforeEach(() => {
  fake = new Route53Fake()
  zone = fake.addZone(ZONE)
  putTyped(zone, [...strangers, crowd('one', 1), crowd('two', 1)])
})
afterEach(() => {
  fake.close()
  vi.restoreAllMocks()
})

function record(rrset: RRset, purpose: Purpose): MailRecord {
  return { rrset, purpose, from: ['domains'] }
}

/** 260 addresses of a host, in one of several ranges. */
function crowd(label: string, range: number): RRset {
  return a(
    label,
    [...Array(260).keys()].map((index) => `10.${range}.${index >> 8}.${index & 255}`),
  )
}

/** Two crowds that move count 520 values each, so that this takes two requests. */
const desired: readonly MailRecord[] = [
  record(txt('@', ['v=spf1 ip4:192.0.2.10 -all']), 'spf'),
  record(mx('@', [10, 'mail.example.com.']), 'mx'),
  record(aaaa('mail', ['2001:db8::10']), 'host'),
  record(crowd('one', 2), 'host'),
  record(crowd('two', 2), 'host'),
]

async function plan(provider: Provider): Promise<Change[]> {
  const actual = await provider.read(ZONE, never)
  return diffZone({ zone: zoneWith(ZONE, actual), desired, owner: 'default', manifestTtl: 3600 }).edits.map(
    ({ change }) => change,
  )
}

/** A run that may be disturbed; undefined where it could not even plan. */
async function apply(provider: Provider): Promise<{ changes: Change[]; result: WriteResult } | undefined> {
  const changes = await plan(provider).catch(() => undefined)
  return changes && { changes, result: await provider.write(ZONE, changes, never) }
}

/** What stands there undisturbed; the strangers' values are always among it. */
async function held(): Promise<Map<string, RRset>> {
  fake.fault = () => undefined
  const now = new Map((await contents(await connectRoute53(), ZONE)).map((rrset) => [keyOf(rrset), rrset]))
  for (const stranger of strangers)
    expect(now.get(keyOf(stranger))?.rdata).toEqual(expect.arrayContaining([...stranger.rdata]))
  return now
}

function stands(change: Change, now: ReadonlyMap<string, RRset>): boolean {
  const actual = now.get(keyOf(subjectOf(change)))
  return change.kind === 'delete' ? !actual : actual !== undefined && sameRRset(actual, canonical(change.after))
}

/** What is said to be written stands, what is not said to be written or uncertain does not. */
function expectTruth(run: Awaited<ReturnType<typeof apply>>, now: ReadonlyMap<string, RRset>): void {
  const { applied = [], uncertain = [], failure } = run?.result ?? {}
  const changes = run?.changes ?? []
  const silent = changes.filter((change) => !applied.includes(change) && !uncertain.includes(change))
  expect(applied.filter((change) => !stands(change, now))).toEqual([])
  expect(silent.filter((change) => stands(change, now))).toEqual([])
  expect(failure === undefined).toBe(applied.length === changes.length)
}

async function expectConvergence(): Promise<void> {
  const provider = await connectRoute53()
  await apply(provider)
  expect(await plan(provider)).toEqual([])
  await held()
}

test('the apply that is disturbed below', async () => {
  const run = await apply(await connectRoute53())
  expect(run?.result).toEqual({ applied: run?.changes })
  expect(fake.calls.map(({ action }) => action)).toEqual([
    'ListHostedZonesByName',
    'ListResourceRecordSets',
    'ChangeResourceRecordSets',
    'ChangeResourceRecordSets',
  ])
})

describe.each(Object.entries(FAULTS))('%s: nothing foreign is lost, what is told is true', (_, fault) => {
  test.each([1, 2, 3, 4])('at call %i; a second run converges', async (at) => {
    fake.fault = (_call, number) => (number === at ? fault : undefined)
    expectTruth(await apply(await connectRoute53()), await held())
    await expectConvergence()
  })

  test.each([3, 4])('at call %i and when it is read back; a second run converges', async (at) => {
    fake.fault = (_call, number) => (number === at || number === at + 1 ? fault : undefined)
    expectTruth(await apply(await connectRoute53()), await held())
    await expectConvergence()
  })
})

describe('a lost reply', () => {
  const change: Change = { kind: 'create', after: a('mail', ['192.0.2.1']) }
  const cut: Fault = { when: 'after', reply: 'cut' }

  test('of a change that was made is read back, and is no failure', async () => {
    fake.fault = ({ action }) => (action === 'ChangeResourceRecordSets' ? cut : undefined)
    const result = await (await connectRoute53()).write(ZONE, [change], never)
    expect(result).toEqual({ applied: [change] })
  })

  test('that the SDK answers with a second attempt meets its own change, and is no failure', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    let attempts = 0
    fake.fault = ({ action }) => (action === 'ChangeResourceRecordSets' && attempts++ === 0 ? cut : undefined)
    const result = await (await connectRoute53({ client_max_attempts: 3 })).write(ZONE, [change], never)
    expect(result).toEqual({ applied: [change] })
    expect(fake.counts()).toMatchObject({ ChangeResourceRecordSets: 2 })
  })

  test('of a change that is not there is told as written or not: it may still be on its way', async () => {
    fake.fault = ({ action }) => (action === 'ChangeResourceRecordSets' ? { when: 'before', reply: 'cut' } : undefined)
    const result = await (await connectRoute53()).write(ZONE, [change], never)
    expect(result).toMatchObject({
      applied: [],
      uncertain: [change],
      failure: { code: 'unavailable', hint: /plan again/ },
    })
  })

  test('that was a whole 503 of a change that is not there is told as not written', async () => {
    fake.fault = ({ action }) => (action === 'ChangeResourceRecordSets' ? unavailable : undefined)
    const result = await (await connectRoute53()).write(ZONE, [change], never)
    expect(result).toEqual({ applied: [], failure: expect.objectContaining({ code: 'unavailable' }) })
  })

  test('that cannot be read back is told as written or not', async () => {
    const provider = await connectRoute53()
    await provider.read(ZONE, never)
    fake.fault = ({ action }) => (action === 'ChangeResourceRecordSets' ? cut : unavailable)
    const result = await provider.write(ZONE, [change], never)
    expect(result).toMatchObject({ applied: [], uncertain: [change], failure: { code: 'unavailable' } })
  })

  test('after the user stopped makes no further call', async () => {
    const stop = new AbortController()
    fake.fault = ({ action }) => {
      if (action !== 'ChangeResourceRecordSets') return undefined
      stop.abort()
      return cut
    }
    const provider = await connectRoute53({ client_max_attempts: 3 })
    await provider.read(ZONE, never)
    const result = await provider.write(ZONE, [change], stop.signal)
    expect(result).toMatchObject({ applied: [], uncertain: [change], failure: { code: 'cancelled' } })
    expect(fake.calls.at(-1)?.action).toBe('ChangeResourceRecordSets')
    expect(fake.counts()).toMatchObject({ ChangeResourceRecordSets: 1 })
  })

  test('while somebody else writes the same name is told as written or not', async () => {
    fake.fault = ({ action }) => {
      if (action !== 'ChangeResourceRecordSets') return undefined
      putTyped(zone, [a('mail', ['203.0.113.9'])])
      return { when: 'before', reply: 'cut' }
    }
    const result = await (await connectRoute53()).write(ZONE, [change], never)
    expect(result).toMatchObject({ applied: [], uncertain: [change], failure: { code: 'unavailable' } })
  })
})
