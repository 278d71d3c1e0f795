import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { connectCloudflare } from '../../../providers/cloudflare/connection.js'
import { plugin } from '../../../providers/cloudflare/index.js'
import { MailsyncError } from '../../../records/error.js'
import type { Change } from '../../../records/rr/rrset.js'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare/cloudflare.js'
import type { Fault } from '../../fakes/cloudflare/fault.js'
import { impatient, never, type Story, tellStory, ZONE } from '../../fakes/cloudflare/story.js'

const context = { directory: '/', zones: [ZONE] }
const create: Change = { kind: 'create', after: a('mail', ['192.0.2.10']) }

let story: Story
beforeEach(() => {
  story = tellStory()
})
afterEach(() => {
  vi.unstubAllEnvs()
  story.fake.close()
})

async function failureOf(call: Promise<unknown>): Promise<MailsyncError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(MailsyncError)
  return told(error as MailsyncError)
}

async function writeFailure(...changes: Change[]): Promise<MailsyncError> {
  const { failure } = await story.provider.write(ZONE, changes.length > 0 ? changes : [create], never)
  return told(failure as MailsyncError)
}

/** Every error seen here is searched for the token, with all its causes. */
function told(error: MailsyncError): MailsyncError {
  expect(inspect(error, { depth: 9 })).not.toContain(TOKEN)
  return error
}

const text = ({ message, hint }: MailsyncError): string => `${message} | ${hint}`

describe('the token', () => {
  test('is missing', async () => {
    vi.stubEnv('CLOUDFLARE_API_TOKEN', '')
    const error = await failureOf(plugin.connect({}, context))
    expect(error.code).toBe('authentication')
    expect(text(error)).toBe(
      'there is no Cloudflare API token | set CLOUDFLARE_API_TOKEN, or `token: env/NAME` of the provider; the token needs Zone > Zone > Read and Zone > DNS > Edit',
    )
  })

  test('comes from the environment, with line breaks in it', async () => {
    vi.stubEnv('CLOUDFLARE_API_TOKEN', `${TOKEN}\nx`)
    const error = await failureOf(plugin.connect({}, context))
    expect(error).toMatchObject({ code: 'authentication', message: 'CLOUDFLARE_API_TOKEN is malformed' })
  })

  test('comes from the environment, and a global API key there is not sent', async () => {
    vi.stubEnv('CLOUDFLARE_API_TOKEN', TOKEN)
    vi.stubEnv('CLOUDFLARE_API_KEY', 'global-key')
    vi.stubEnv('CLOUDFLARE_EMAIL', 'admin@example.com')
    const provider = await plugin.connect({}, context)
    expect(await provider.read(ZONE, never)).toEqual([])
    expect(story.fake.calls[0]?.headers).not.toHaveProperty('x-auth-key')
  })

  test.each([
    ['too short', 'abc', /^the API token is malformed: Invalid request headers \(6003\) \| copy it again from /],
    [
      'wrong',
      'x'.repeat(40),
      /^Cloudflare does not accept the API token: Invalid access token \(9109\) \| it is wrong, expired, bound to other IP addresses, or lacks Zone > Zone > Read; see dash\.cloudflare\.com/,
    ],
  ])('is %s', async (_, token, expected) => {
    const provider = connectCloudflare({ token }, context, impatient)
    const error = await failureOf(provider.read(ZONE, never))
    expect(error.code).toBe('authentication')
    expect(text(error)).toMatch(expected)
    expect((await provider.write(ZONE, [create], never)).failure?.code).toBe('authentication')
  })

  test('may not look up zones', async () => {
    story.fake.permissions = ['dns:edit']
    const error = await failureOf(story.provider.read(ZONE, never))
    expect(error.code).toBe('authentication')
    expect(text(error)).toContain('lacks Zone > Zone > Read')
  })

  test('may not list records', async () => {
    story.fake.permissions = ['zone:read']
    const error = await failureOf(story.provider.read(ZONE, never))
    expect(error).toMatchObject({ code: 'permission', apiCode: '10000', where: { zone: ZONE } })
    expect(text(error)).toBe(
      'the API token may not list DNS records in this zone: Authentication error (10000) | give it the permission Zone > DNS > Edit (Read is enough for a plan) for this zone at dash.cloudflare.com/profile/api-tokens',
    )
  })

  test('may read and not write', async () => {
    story.fake.permissions = ['zone:read', 'dns:read']
    const error = await writeFailure()
    expect(error.code).toBe('permission')
    expect(text(error)).toBe(
      'the API token may not change DNS records in this zone: Authentication error (10000) | give it the permission Zone > DNS > Edit for this zone at dash.cloudflare.com/profile/api-tokens',
    )
  })
})

describe('the zone', () => {
  test('is not in the account', async () => {
    story.fake.zones.length = 0
    const error = await failureOf(story.provider.read(ZONE, never))
    expect(error.code).toBe('zone-not-found')
    expect(text(error)).toMatch(
      /^the token reaches no zone example\.com at Cloudflare \| add the zone to the account, or /,
    )
  })

  test('vanishes after it was looked up', async () => {
    await story.provider.read(ZONE, never)
    story.fake.zones.length = 0
    expect(text(await failureOf(story.provider.read(ZONE, never)))).toMatch(
      /^the zone is gone from Cloudflare: .*\(7003\)/,
    )
    expect((await writeFailure()).code).toBe('zone-not-found')
  })

  test('or its account is suspended: Cloudflare’s own words, and where to look', async () => {
    story.fake.faultAt(1, { status: 403, code: 1099, message: 'This account has been suspended.' })
    const error = await failureOf(story.provider.read(ZONE, never))
    expect(error.code).toBe('permission')
    expect(text(error)).toMatch(
      /^Cloudflare forbids to look up zones: This account has been suspended\. \(1099\) \| the account or the zone may be suspended/,
    )
  })
})

describe('Cloudflare', () => {
  test.each<[string, Fault, string, RegExp]>([
    [
      'limits the rate',
      'rate-limited',
      'rate-limited',
      /^Cloudflare’s rate limit is reached: .*\(971\) \| try again in 0 seconds; a user has 1,200 requests in 5 minutes/,
    ],
    [
      'fails',
      '503-before',
      'unavailable',
      /^Cloudflare failed when asked to look up zones: HTTP 503 \| try again later/,
    ],
    [
      'cannot be reached',
      'refused-connection',
      'unavailable',
      /^the connection to Cloudflare failed when asked to look up zones: ECONNREFUSED \| check the network/,
    ],
    ['takes too long', 'timeout-before', 'timeout', /^Cloudflare did not answer when asked to look up zones \| /],
    ['sends half a reply', 'half-reply', 'unavailable', /^Cloudflare's reply was cut or is no JSON/],
    ['is not what answers', 'not-json', 'unavailable', /^what answered is not the Cloudflare API \| look for a proxy/],
    [
      'is not at the base URL',
      { status: 404, code: 10404, message: 'No route for that URI' },
      'unavailable',
      /^this is not the Cloudflare API: .* \| check CLOUDFLARE_BASE_URL$/,
    ],
  ])('%s', async (_, fault, code, expected) => {
    story.fake.faultAt(1, fault)
    const error = await failureOf(story.provider.read(ZONE, never))
    expect(error.code).toBe(code)
    expect(text(error)).toMatch(expected)
  })

  test('never answers: the SDK gives up', async () => {
    story.fake.faultAt(1, 'silence')
    const provider = connectCloudflare({ token: TOKEN }, context, { ...impatient, timeout: 50 })
    expect((await failureOf(provider.read(ZONE, never))).code).toBe('timeout')
  })

  test('says how long to wait', async () => {
    story.fake.retryAfter = 120
    story.fake.faultAt(1, 'rate-limited')
    expect((await failureOf(story.provider.read(ZONE, never))).hint).toMatch(/^try again in 120 seconds;/)
  })

  test('limits the rate for a moment: the SDK waits as told and goes on', async () => {
    story.fake.close()
    story = tellStory([], {}, 1)
    story.fake.faultAt(1, 'rate-limited')
    expect(await story.provider.read(ZONE, never)).toEqual([])
    expect(story.calls()).toEqual(['GET zones', 'GET zones', 'GET dns_records'])
  })

  test('limits the rate for minutes, and the user stops meanwhile: told at once', async () => {
    story.fake.close()
    story = tellStory([], {}, 1)
    story.fake.retryAfter = 1
    story.fake.faultAt(1, 'rate-limited')
    const stop = new AbortController()
    story.fake.before = () => expect.unreachable('no call after the stop')
    const reading = failureOf(story.provider.read(ZONE, stop.signal))
    await vi.waitFor(() => expect(story.fake.calls).toHaveLength(1))
    stop.abort()
    expect((await reading).code).toBe('cancelled')
  })

  test('is found at CLOUDFLARE_BASE_URL', async () => {
    story.fake.close()
    vi.stubEnv('CLOUDFLARE_BASE_URL', 'https://dns-proxy.example/client/v4')
    const fake = new FakeCloudflare('https://dns-proxy.example')
    fake.addZone('example.com').edit([a('mail', ['192.0.2.1'])])
    const provider = await plugin.connect({ token: TOKEN }, context)
    expect(await provider.read(ZONE, never)).toEqual([a('mail', ['192.0.2.1'])])
  })
})

describe('a refused batch', () => {
  test('names the record that Cloudflare points at', async () => {
    const bad: Change = { kind: 'create', after: a('smtp', ['192.0.2.11'], 20) }
    const error = await writeFailure(create, bad)
    expect(error).toMatchObject({
      code: 'rejected',
      apiCode: '9021',
      where: { zone: ZONE, record: 'smtp.example.com. A' },
    })
    expect(text(error)).toBe(
      'Cloudflare refused to change DNS records: Invalid TTL. (9021) | the TTL is outside what this zone’s plan allows',
    )
    expect(story.zone.records).toEqual([])
  })

  test('over the quota of the plan', async () => {
    story.zone.edit(Array.from({ length: 200 }, (_, index) => a(`h${index}`, ['192.0.2.1'])))
    const error = await writeFailure()
    expect(error).toMatchObject({ code: 'rejected', apiCode: '81045', where: { record: 'mail.example.com. A' } })
    expect(error.hint).toMatch(/200 on Free, 3,500 on paid/)
  })

  test.each([
    [81053, 'CNAME', 'A'],
    [81054, 'A', 'CNAME'],
  ] as const)(
    '%i: a %s where meanwhile a %s stands is stale, and the next plan shows what is in the way',
    async (code, mine, theirs) => {
      const content = { A: '192.0.2.1', CNAME: 'other.example.net' }
      story.fake.before = ({ what }) => {
        if (what === 'POST batch')
          story.zone.put({ type: theirs, name: 'mail.example.com', ttl: 300, content: content[theirs] })
      }
      const after =
        mine === 'A' ? a('mail', ['192.0.2.10']) : { ...a('mail', []), type: mine, rdata: ['x.example.net.'] }
      expect(await writeFailure({ kind: 'create', after } as Change)).toMatchObject({
        code: 'stale',
        apiCode: String(code),
        where: { record: `mail.example.com. ${mine}` },
      })
    },
  )

  test('because a record went between the listing and the batch: stale', async () => {
    story.zone.edit([a('mail', ['192.0.2.1'])])
    story.fake.before = ({ what }) => {
      if (what === 'POST batch') story.zone.edit([a('mail', [])])
    }
    const error = await writeFailure({ kind: 'delete', before: a('mail', ['192.0.2.1']) }, create)
    expect(error.code).toBe('stale')
  })

  test('because somebody made a record of that very value, and another: stale', async () => {
    story.fake.before = ({ what }) => {
      if (what === 'POST batch' && story.zone.records.length === 0)
        story.zone.edit([a('mail', ['192.0.2.10', '192.0.2.99'])])
    }
    const error = await writeFailure()
    expect(error).toMatchObject({ code: 'stale', apiCode: '81058', where: { record: 'mail.example.com. A' } })
  })

  test('because the record was changed to what is wanted: stale, for it is not ours to claim', async () => {
    story.fake.before = ({ what }) => {
      if (what === 'POST batch') story.zone.edit([a('mail', ['192.0.2.10'])])
    }
    expect((await writeFailure()).code).toBe('stale')
  })
})
