import { expect, test } from 'vitest'
import { startSlowCloudflare } from './slow-cloudflare.js'
import { benchZones } from './zones.js'

test('answers each call after its latency, counts it, and holds what it is told', async () => {
  const api = await startSlowCloudflare(benchZones(1), 30)
  try {
    const call = async (path: string, body?: object): Promise<{ result: { id: string }[] }> => {
      const sent = body && { method: 'POST', body: JSON.stringify(body) }
      const reply = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.token}` }, ...sent })
      return (await reply.json()) as { result: { id: string }[] }
    }
    const begin = performance.now()
    const [zone] = (await call('/zones')).result
    expect(performance.now() - begin).toBeGreaterThan(29)
    const before = api.recordsOf('customer0.example')
    expect((await call(`/zones/${zone?.id}/dns_records`)).result.length).toBe(before)
    const record = { type: 'TXT', name: '_dmarc.customer0.example', ttl: 3600, content: '"v=DMARC1; p=none"' }
    await call(`/zones/${zone?.id}/dns_records`, record)
    expect(api.recordsOf('customer0.example')).toBe(before + 1)
    expect([api.takeCalls(), api.takeCalls()]).toEqual([3, 0])
  } finally {
    await api.close()
  }
})
