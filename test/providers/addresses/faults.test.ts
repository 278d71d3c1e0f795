import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { ptrOf, ptrsOf } from '../../../conformance/addresses/addresses.js'
import { never } from '../../../conformance/subject.js'
import { serviceAccount } from '../../../providers/gcp/options.js'
import type { Provider, WriteResult } from '../../../providers/provider.js'
import { ARPA } from '../../../records/rr/reverse.js'
import type { Change } from '../../../records/rr/rrset.js'
import { FIRST_V6 } from '../../fakes/addresses/digitalocean.js'
import type { FakeAccount } from '../../fakes/addresses/fake-account.js'
import { type HttpFault, JSON_TYPE } from '../../fakes/http-fault.js'
import { connectAsSpec, OWNERS, type OwnerUnderTest } from './each-owner.js'

const ONE = '192.0.2.10'
const wanted: Change = { kind: 'create', after: ptrOf(ONE, 'mail.example.com.') }

let account: FakeAccount
afterEach(() => account.close())

interface Story {
  readonly provider: Provider
  readonly waits: number[]
  write(): Promise<WriteResult>
}

function tell(owner: OwnerUnderTest): Story {
  account = owner.account()
  const waits: number[] = []
  const provider = owner.connect(waits)
  return { provider, waits, write: () => provider.write(ARPA, [wanted], never) }
}

const named = (...types: string[]): [string, OwnerUnderTest][] =>
  OWNERS.filter(({ type }) => types.includes(type)).map((owner) => [owner.type, owner])
const all = named(...OWNERS.map(({ type }) => type))

function expectNoSecret(owner: OwnerUnderTest, error: unknown): void {
  const text = inspect(error, { depth: 10, showHidden: true })
  for (const secret of owner.secrets) expect(text).not.toContain(secret)
}

/** An error as each API tells it. */
function ownError(type: string, status: number, code: string, message: string): HttpFault {
  const nested = { error: { code, message } }
  const bodies: Record<string, object> = {
    digitalocean: { id: code, message },
    gcp: { error: { code: status, message, errors: [{ reason: code, message }] } },
    linode: { errors: [{ reason: message }] },
    ovh: { class: code, message },
    scaleway: { type: code, message },
    vultr: { error: message, status },
  }
  return { when: 'before', status, body: bodies[type] ?? nested, headers: JSON_TYPE }
}

describe('a call that goes wrong', () => {
  test.each(all)('%s: a rate limit of a write is waited for, and the PTR is set once', async (_, owner) => {
    const { provider, waits, write } = tell(owner)
    account.faultOn(account.isWrite, { when: 'before', status: 429, body: '', headers: { 'retry-after': '7' } })
    expect(await write()).toEqual({ applied: [wanted] })
    expect(waits).toContain(7000)
    expect(await ptrsOf(provider, [ONE])).toEqual([wanted.kind === 'create' && wanted.after])
  })

  test.each(all)('%s: an address that was released meanwhile is told in the API’s words', async (type, owner) => {
    const { provider, write } = tell(owner)
    account.faultOn(account.isWrite, ownError(type, 404, 'not_found', 'there is no such address'))
    const { applied, uncertain = [], failure } = await write()
    expect([applied, uncertain]).toEqual([[], []])
    expect(failure?.message).toContain('there is no such address')
    expect(await ptrsOf(provider, [ONE])).toEqual([])
  })

  test.each(all)(
    '%s: a conflict that it does not say more of is told, and nothing is in doubt',
    async (type, owner) => {
      const { provider, write } = tell(owner)
      account.faultOn(account.isWrite, ownError(type, 409, 'in_use', 'the address is in use by another request'))
      const { applied, uncertain = [], failure } = await write()
      expect([applied, uncertain]).toEqual([[], []])
      expect(failure?.message).toContain('the address is in use by another request')
      expect(await ptrsOf(provider, [ONE])).toEqual([])
    },
  )

  test.each(all)('%s: a rate limit is waited for as long as the reply says', async (_, owner) => {
    const { provider, waits } = tell(owner)
    account.faultOn(() => true, { when: 'before', status: 429, body: '', headers: { 'retry-after': '7' } })
    expect(await ptrsOf(provider, [ONE])).toEqual([])
    expect(waits).toContain(7000)
  })

  test.each(all)('%s: credentials that are not accepted are told, and never shown', async (type, owner) => {
    const { provider } = tell(owner)
    const [message, reason] = ['no', 'no']
    const token = { error: 'invalid_grant', error_description: 'no' }
    const own: Record<string, object> = { gcp: token, azure: token, vultr: { error: 'Invalid API token.' } }
    const body = own[type] ?? { error: { code: 'unauthorized' }, message, errors: [{ reason }], id: 'x', type: 'y' }
    account.faultOn(() => true, { when: 'before', status: 401, body, headers: JSON_TYPE })
    const error = await ptrsOf(provider, [ONE]).catch((failure) => failure)
    expect(error).toMatchObject({ name: 'MailsyncError', code: 'authentication' })
    expectNoSecret(owner, error)
  })

  test.each(all)('%s: a page of something in between is not taken for an answer', async (_, owner) => {
    const { provider } = tell(owner)
    account.faultOn(() => true, 'not-json')
    await expect(ptrsOf(provider, [ONE])).rejects.toMatchObject({ code: 'unavailable', message: /is not the API of/ })
  })

  test.each(all)('%s: JSON of something else is not taken for addresses without a PTR', async (_, owner) => {
    const { provider } = tell(owner)
    account.faultOn(() => true, { when: 'before', status: 200, body: { hello: 'world' }, headers: JSON_TYPE })
    await expect(ptrsOf(provider, [ONE])).rejects.toMatchObject({ code: 'unavailable' })
  })

  test.each(named('azure', 'digitalocean', 'gcp', 'hetzner', 'linode', 'ovh', 'scaleway', 'vultr'))(
    '%s: a write that the credentials may not do is told in the API’s own words',
    async (_, owner) => {
      const { provider, write } = tell(owner)
      account.denied = 'these credentials are read-only'
      const { applied, uncertain = [], failure } = await write()
      expect([applied, uncertain, failure?.code]).toEqual([[], [], 'permission'])
      expect(failure?.message).toContain('these credentials are read-only')
      expectNoSecret(owner, failure)
      expect(await ptrsOf(provider, [ONE])).toEqual([])
    },
  )

  test.each(named('azure', 'digitalocean', 'hetzner', 'linode'))(
    '%s: an action of somebody else that still runs is waited for',
    async (_, owner) => {
      const { provider, waits, write } = tell(owner)
      account.busy = 2
      expect(await write()).toEqual({ applied: [wanted] })
      expect(await ptrsOf(provider, [ONE])).toEqual([wanted.kind === 'create' && wanted.after])
      expect(waits.length).toBeGreaterThanOrEqual(2)
    },
  )

  test.each(named('azure', 'linode', 'ovh', 'scaleway'))(
    '%s: a name that does not lead to the address yet has a code and a hint of its own',
    async (_, owner) => {
      const { write } = tell(owner)
      account.forward = new Map()
      const { applied, uncertain = [], failure } = await write()
      expect([applied, uncertain, failure?.code]).toEqual([[], [], 'forward-missing'])
      expect(failure?.message).toContain(`the PTR of ${ONE} only once it sees that mail.example.com has the address`)
      expect(failure?.hint).toMatch(/^apply again after the A record of mail\.example\.com is seen/)
      account.forward.set('mail.example.com', ONE)
      expect(await write()).toEqual({ applied: [wanted] })
    },
  )

  test.each(named('azure', 'digitalocean', 'gcp', 'hetzner'))(
    '%s: an action that was begun and failed is told, and nothing is in doubt',
    async (_, owner) => {
      const { provider, write } = tell(owner)
      account.failing = 'the name server is down'
      const { applied, uncertain = [], failure } = await write()
      expect([applied, uncertain, failure?.code]).toEqual([[], [], 'rejected'])
      expect(await ptrsOf(provider, [ONE])).toEqual([])
    },
  )

  test.each(named('azure', 'digitalocean', 'gcp', 'hetzner'))(
    '%s: an action that does not end is given up, and what it may do is in doubt',
    async (_, owner) => {
      const { write } = tell(owner)
      account.duration = 1000
      const { applied, uncertain, failure } = await write()
      expect([applied, uncertain, failure?.code]).toEqual([[], [wanted], 'timeout'])
    },
  )

  test.each(all)('%s: a write that a gateway lost is told as what became of it', async (_, owner) => {
    const { provider, write } = tell(owner)
    account.faultOn(account.isWrite, '503-after')
    const { applied, uncertain = [] } = await write()
    expect([...applied, ...uncertain]).toEqual([wanted])
    expect(await ptrsOf(provider, [ONE])).toHaveLength(1)
  })

  test('hetzner-robot: its rate limit, which is a 403, is told as one', async () => {
    const [[, owner] = []] = named('hetzner-robot')
    const { provider } = tell(owner as OwnerUnderTest)
    account.busy = 1
    await expect(ptrsOf(provider, [ONE])).rejects.toMatchObject({
      code: 'rate-limited',
      apiCode: 'RATE_LIMIT_EXCEEDED',
    })
  })
})

describe('addresses of IPv6', () => {
  test.each(named('azure', 'gcp', 'scaleway'))('%s: is said to be none that it can name', async (_, owner) => {
    const { provider } = tell(owner)
    const [set] = await ptrsOf(provider, ['2001:db8:0:1::10'])
    expect(set?.locked).toMatch(/^2001:db8:0:1::10 is no /)
  })

  test('digitalocean: a Droplet is renamed once for both of its addresses', async () => {
    const [[, owner] = []] = named('digitalocean')
    const { provider } = tell(owner as OwnerUnderTest)
    const both = [ONE, FIRST_V6].map(
      (address): Change => ({ kind: 'create', after: ptrOf(address, 'mail.example.com.') }),
    )
    expect(await provider.write(ARPA, both, never)).toEqual({ applied: both })
    expect(account.calls.filter(account.isWrite).map(({ body }) => body)).toEqual([
      { type: 'rename', name: 'mail.example.com' },
    ])
    const back = both.map(
      (change): Change => ({ kind: 'delete', before: change.kind === 'create' ? change.after : change.before }),
    )
    expect(await provider.write(ARPA, back, never)).toEqual({ applied: back })
    expect(account.calls.filter(account.isWrite).at(-1)?.body).toEqual({ type: 'rename', name: 'mail' })
  })

  test('digitalocean: two names for one Droplet are refused before anything is written', async () => {
    const [[, owner] = []] = named('digitalocean')
    const { provider } = tell(owner as OwnerUnderTest)
    const two = [wanted, { kind: 'create', after: ptrOf(FIRST_V6, 'six.example.com.') } as const]
    const { applied, failure } = await provider.write(ARPA, two, never)
    expect([applied, failure?.code]).toEqual([[], 'rejected'])
    expect(failure?.message).toContain('have one name together')
    expect(account.calls.filter(account.isWrite)).toEqual([])
  })
})

describe('as a spec names them', () => {
  test.each(all)('%s reads with its options', async (_, owner) => {
    account = owner.account()
    account.edit([ptrOf(ONE, 'mail.example.com.')])
    expect(await ptrsOf(await connectAsSpec(owner), [ONE])).toEqual([ptrOf(ONE, 'mail.example.com.')])
  })

  test('a key of a Google service account that is none is told without its text', () => {
    account = (OWNERS[0] as OwnerUnderTest).account()
    const place = { directory: '/' }
    expect(() => serviceAccount({ key: '{"private_key":"abc-secret"}' }, place)).toThrow(/not the JSON key/)
    expect(() => serviceAccount({ key: 'abc-secret' }, place)).not.toThrow(/abc-secret/)
  })
})
