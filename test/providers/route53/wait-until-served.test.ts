import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import { openClient } from '../../../providers/route53/client.js'
import { connection } from '../../../providers/route53/connection.js'
import { zonesByName } from '../../../providers/route53/zones.js'
import { Route53Fake } from '../../fakes/route53/route53.js'

let fake: Route53Fake
let provider: Provider
let waits: number[]
let told: string[]

beforeEach(async () => {
  fake = new Route53Fake()
  fake.addZone(ZONE)
  waits = []
  told = []
  const client = await openClient({ access_key_id: 'AKIAEXAMPLE', secret_access_key: 'x', client_max_attempts: 1 })
  provider = connection(client, zonesByName(client, [ZONE]), async (milliseconds, signal) => {
    signal?.throwIfAborted()
    waits.push(milliseconds)
  })
})
afterEach(() => fake.close())

async function write(label: string): Promise<void> {
  await provider.write(ZONE, [{ kind: 'create', after: a(label, ['192.0.2.1']) }], never)
}

function waitUntilServed(signal = never): Promise<void> | undefined {
  return provider.waitUntilServed?.(signal, (message) => told.push(message))
}

describe('waiting until every name server has what was written', () => {
  test('asks for each write in turn and tells how far it is', async () => {
    fake.pollsUntilInSync = 2
    await write('one')
    await write('two')
    await waitUntilServed()
    expect(told).toEqual([
      '0 of 2 writes are on every name server',
      '0 of 2 writes are on every name server',
      '1 of 2 writes are on every name server',
      '1 of 2 writes are on every name server',
      'every write is on every name server',
    ])
    expect(waits).toEqual([5000, 5000, 5000, 5000])
    expect(fake.counts()).toMatchObject({ GetChange: 6 })
  })

  test('is over at once when nothing was written', async () => {
    await provider.read(ZONE, never)
    await waitUntilServed()
    expect(told).toEqual([])
    expect(fake.counts()).not.toHaveProperty('GetChange')
  })

  test('asks for what was written since, not for what is known', async () => {
    await write('one')
    await waitUntilServed()
    await write('two')
    await waitUntilServed()
    expect(fake.calls.filter(({ action }) => action === 'GetChange').map(({ zoneId }) => zoneId)).toEqual(['C1', 'C2'])
  })

  test('gives up after ten minutes, and says that the records are written', async () => {
    fake.pollsUntilInSync = Number.POSITIVE_INFINITY
    await write('one')
    await expect(waitUntilServed()).rejects.toMatchObject({
      code: 'timeout',
      message: '1 write is not on every Route 53 name server after ten minutes',
      hint: expect.stringContaining('written'),
    })
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(600_000)
  })

  test('stops when the user stops', async () => {
    fake.pollsUntilInSync = 1
    await write('one')
    const stop = new AbortController()
    const over = provider.waitUntilServed?.(stop.signal, () => stop.abort())
    await expect(over).rejects.toMatchObject({ code: 'cancelled' })
  })
})
