import { setTimeout as delay } from 'node:timers/promises'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare/cloudflare.js'
import { startFront } from '../../fakes/http-front.js'
import type { BenchZone } from './zones.js'

/** Cloudflare's API on 127.0.0.1, which answers each call so many milliseconds after it came. */
export interface SlowCloudflare {
  /** Of the API, with its path. */
  readonly url: string
  readonly token: string
  /** How many calls came since it was asked last. */
  takeCalls(): number
  /** How many records a zone holds. */
  recordsOf(zone: string): number
  close(): Promise<void>
}

export async function startSlowCloudflare(zones: readonly BenchZone[], latency: number): Promise<SlowCloudflare> {
  const fake = new FakeCloudflare(null)
  for (const { name, before } of zones) {
    const held = fake.addZone(name, { quota: 1000 })
    held.put(
      ...before.flatMap(({ name: owner, type, values }) =>
        values.map((value) => ({
          type,
          name: owner === '' ? name : `${owner}.${name}`,
          ttl: 3600,
          content: type === 'TXT' ? `"${value}"` : value.replace(/\.$/, ''),
        })),
      ),
    )
  }
  const front = await startFront(async (request) => {
    const [body] = await Promise.all([request.text(), delay(latency)])
    const reply = fake.reply({
      method: request.method,
      url: new URL(request.url),
      body: body === '' ? undefined : JSON.parse(body),
      headers: Object.fromEntries(request.headers),
    })
    if (reply === undefined || 'error' in reply) throw new Error('the fake has no faults here')
    return Response.json(reply.body, { status: reply.status })
  })
  return {
    url: `${front.origin}/client/v4`,
    token: TOKEN,
    takeCalls: () => fake.calls.splice(0).length,
    recordsOf: (zone) => fake.zones.find(({ name }) => name === zone)?.records.length ?? 0,
    close: front.close,
  }
}
