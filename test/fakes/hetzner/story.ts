import { connectHetzner } from '../../../providers/hetzner/connection.js'
import type { Trying } from '../../../providers/http/json-api.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { FakeHetzner, TOKEN } from './hetzner.js'
import type { FakeHetznerZone } from './zone.js'

/** A fake with the zone example.com, and the adapter connected to it, which never really waits. */
export interface Story {
  readonly fake: FakeHetzner
  readonly zone: FakeHetznerZone
  readonly provider: Provider
  /** Milliseconds of each wait so far. */
  readonly waits: number[]
  /** What was called since the last question. */
  calls(): string[]
}

export const ZONE = 'example.com.' as Name
export const never = new AbortController().signal

export function tellStory(seed: readonly RRset[] = [], trying: Trying = {}): Story {
  const fake = new FakeHetzner()
  const zone = fake.addZone('example.com')
  zone.edit(seed)
  const waits: number[] = []
  const pause = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    waits.push(milliseconds)
  }
  let seen = 0
  return {
    fake,
    zone,
    waits,
    provider: connectHetzner({ token: TOKEN }, { zones: [ZONE] }, { pause, ...trying }),
    calls: () => {
      const fresh = fake.calls.slice(seen).map(({ what }) => what)
      seen = fake.calls.length
      return fresh
    },
  }
}
