import { afterEach, describe, expect, test } from 'vitest'
import { a, txt } from '../../../conformance/rrsets.js'
import { plugin as cloudflare } from '../../../providers/cloudflare/index.js'
import { plugin as hetzner } from '../../../providers/hetzner/index.js'
import type { Provider, ProviderPlugin } from '../../../providers/provider.js'
import { plugin as route53 } from '../../../providers/route53/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import type { RunEvent } from '../../../src/watch/run-event.js'
import { openWatch } from '../../../src/watch/watch.js'
import { TOKEN as CLOUDFLARE, FakeCloudflare } from '../../fakes/cloudflare/cloudflare.js'
import { FakeHetzner, TOKEN as HETZNER } from '../../fakes/hetzner/hetzner.js'
import { SECRET } from '../../fakes/route53/connect.js'
import { awsError, Route53Fake } from '../../fakes/route53/route53.js'

const ZONE = 'example.com.' as Name
const never = new AbortController().signal
const changes: readonly Change[] = [
  { kind: 'create', after: a('mail', ['192.0.2.10']) },
  { kind: 'create', after: txt('@', ['v=spf1 -all']) },
]

let fake: { close(): void } | undefined
afterEach(() => fake?.close())

/** The adapter, and what is told of its calls. */
async function watched<Options>(
  plugin: ProviderPlugin<Options>,
  options: object,
): Promise<{ provider: Provider; told: RunEvent[] }> {
  const told: RunEvent[] = []
  const watch = openWatch()
  watch.listen((event) => told.push(event))
  const calls = watch.openCalls('own', plugin.type, () => {})
  return { provider: await plugin.connect(plugin.options(options), { directory: '/', zones: [ZONE], calls }), told }
}

async function work(provider: Provider): Promise<void> {
  await provider.read(ZONE, never)
  expect((await provider.write(ZONE, changes, never)).failure).toBeUndefined()
}

const outcomes = (told: readonly RunEvent[]): string[] =>
  told.flatMap((one) => (one.event === 'call' ? [one.outcome] : []))
const retries = (told: readonly RunEvent[]): number => told.filter(({ event }) => event === 'retry').length

describe('every request that an API sees is counted, repeated ones too', () => {
  test('by Cloudflare', async () => {
    const api = new FakeCloudflare()
    fake = api
    api.addZone('example.com')
    const { provider, told } = await watched(cloudflare, { token: CLOUDFLARE })
    api.faultAt(2, 'rate-limited')
    await work(provider)
    expect(outcomes(told).sort()).toEqual(['limited', ...Array(api.calls.length - 1).fill('ok')])
    expect(retries(told)).toBe(1)
  })

  test('by Hetzner', async () => {
    const api = new FakeHetzner()
    fake = api
    api.addZone('example.com')
    const { provider, told } = await watched(hetzner, { token: HETZNER })
    await work(provider)
    expect(outcomes(told)).toEqual(Array(api.calls.length).fill('ok'))
    expect(retries(told)).toBe(0)
  })

  test('by Route 53, which says with 400 that there were too many', async () => {
    const api = new Route53Fake()
    fake = api
    api.addZone(ZONE)
    const { provider, told } = await watched(route53, {
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      secret_access_key: SECRET,
    })
    api.fault = (_, number) => (number === 2 ? awsError(400, 'Throttling', 'Rate exceeded') : undefined)
    await work(provider)
    expect(outcomes(told).sort()).toEqual(['limited', ...Array(api.calls.length - 1).fill('ok')])
    expect(retries(told)).toBe(1)
  })
})
