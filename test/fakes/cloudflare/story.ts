import { connectCloudflare } from '../../../providers/cloudflare/connection.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import { isKnown, type RRset } from '../../../records/rr/rrset.js'
import { type FakeCall, FakeCloudflare, TOKEN } from './cloudflare.js'
import type { FakeZone, FakeZoneSettings } from './zone.js'

/** A fake with the zone example.com, and the adapter connected to it, which never waits. */
export interface Story {
  readonly fake: FakeCloudflare
  readonly zone: FakeZone
  readonly provider: Provider
  /** What was called since the last question. */
  calls(): string[]
  /** The bodies of all batch calls so far. */
  batches(): FakeCall['body'][]
}

export const ZONE = 'example.com.' as Name
export const never = new AbortController().signal
export const impatient = { maxRetries: 0 }

export function tellStory(seed: readonly RRset[] = [], settings: FakeZoneSettings = {}, retries = 0): Story {
  const fake = new FakeCloudflare()
  const zone = fake.addZone('example.com', settings)
  zone.edit(seed)
  let seen = 0
  return {
    fake,
    zone,
    provider: connectCloudflare({ token: TOKEN }, { zones: [ZONE] }, { ...impatient, maxRetries: retries }),
    calls: () => {
      const fresh = fake.calls.slice(seen).map(({ what }) => what)
      seen = fake.calls.length
      return fresh
    },
    batches: () => fake.calls.filter(({ what }) => what === 'POST batch').map(({ body }) => body),
  }
}

/** Reads the RRset at a name as the adapter sees it. */
export async function readOne(provider: Provider, name: string, type: RRset['type']): Promise<RRset | undefined> {
  const rrsets = await provider.read(ZONE, never)
  return rrsets.filter(isKnown).find((rrset) => rrset.name === name && rrset.type === type)
}
