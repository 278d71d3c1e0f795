import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, compareRRsets, keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { Calls } from '../calls/calls.js'
import { surpriseIn } from '../expect.js'
import type { Attempt } from '../http/attempts.js'
import { sentOfCall } from '../http/failures.js'
import { BUSY_RETRIES, type Trying } from '../http/json-api.js'
import { backOff, type Pause, pause } from '../http/waiting.js'
import type { ConnectContext, Provider } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { ActionFailed, finish, untilQuiet } from './actions.js'
import { type HetznerApi, hetznerApi, type NativeZone, type ZoneRef } from './api.js'
import { batchesOf, type HetznerBatch } from './batches.js'
import { hetznerClient } from './client.js'
import { isBusyFailure, secondaryZone } from './errors.js'
import { type HeldZone, heldZone } from './held.js'
import type { HetznerOptions } from './options.js'
import { checkOf, hetznerZones, isSecondary, zonesServed } from './zones.js'

/** Connects without a call; `trying` and `base` are for tests. */
export function connectHetzner(
  { token }: HetznerOptions,
  { zones: declared }: Pick<ConnectContext, 'zones'>,
  trying: Trying = {},
  base?: string,
): Provider {
  const api = hetznerApi(hetznerClient(token, trying, base))
  const directory = hetznerZones(api, declared.length)
  const written = new Map<Name, ZoneRef>()
  const wait = trying.pause ?? pause
  const works: Calls['works'] = (what, percent) => trying.calls?.works(what, percent)
  const find = async (name: Name, signal: AbortSignal): Promise<NativeZone> => {
    const zone = await directory.find(name, signal)
    if (isSecondary(zone)) throw secondaryZone().at({ zone: name })
    return zone
  }
  return {
    zones: (signal) => directory.all(signal),
    read: async (name, signal) => {
      const { id, ttl } = await find(name, signal)
      const natives = await api.rrsets({ id, name }, { signal })
      return [...heldZone(natives, name, ttl).rrsets].sort(compareRRsets)
    },
    write: (name, changes, signal) =>
      writeBatches(name, changes, signal, async () => {
        const zone = await find(name, signal)
        written.set(name, { id: zone.id, name })
        return zoneWriter(api, zone, name, changes, signal, { wait, works })
      }),
    batches: (_, changes) => changes.length,
    check: async (name, signal) => checkOf(await directory.find(name, signal)),
    nameServers: async (name, signal) => checkOf(await directory.find(name, signal)).nameServers,
    waitUntilServed: async (signal, report) => {
      const zones = [...written.values()]
      await zonesServed(api, zones, signal, report, wait)
      for (const { name } of zones) written.delete(name)
    },
  }
}

/** How to wait for an action, and whom to tell of it. */
interface Waiting {
  readonly wait: Pause
  readonly works: Calls['works']
}

/**
 * Writes changes of one zone, one after the other. The API cannot compare and swap: the zone is listed before the first
 * change, and what stands at a name is looked at once more right before all its values are overwritten. Everything else is
 * refused by the API, or leaves in place, what others have written meanwhile.
 */
async function zoneWriter(
  api: HetznerApi,
  { id, ttl }: NativeZone,
  name: Name,
  changes: readonly Change[],
  signal: AbortSignal,
  waiting: Waiting,
): Promise<BatchWriter<HetznerBatch, HeldZone>> {
  const zone = { id, name }
  const { wait } = waiting
  const look = async (options: Parameters<HetznerApi['rrsets']>[1]): Promise<HeldZone> =>
    heldZone(await api.rrsets(zone, options), name, ttl)
  const held = await look({ signal })
  const surprise = surpriseIn(changes, held)
  if (surprise) throw surprise
  return {
    pack: (all) => batchesOf(all, name, held.natives),
    send: async (batch) => {
      for (let busy = 0; ; busy++) {
        const failure = batch.overwrites ? await whyNotNow(look, batch.change) : undefined
        if (failure) return { kind: 'unsent', failure }
        const sent = await send(api, zone, batch, waiting)
        // Whatever the zone was busy with may be what somebody else writes here.
        const isTooEarly = (sent.kind === 'refused' || sent.kind === 'unsent') && isBusyFailure(sent.failure)
        if (!batch.overwrites || !isTooEarly || busy === BUSY_RETRIES) return sent
        await wait(backOff(busy))
      }
    },
    readBack: async ({ change }, { code }) => {
      await untilQuiet(api, zone, wait)
      const again = code === 'rate-limited' ? { again: false } : {}
      return look({ at: subjectOf(change).name, signal, ...again }).catch(unlessBug)
    },
    pause: wait,
  }
}

async function whyNotNow(
  look: (options: { at: Name }) => Promise<HeldZone>,
  change: Change,
): Promise<MailsyncError | undefined> {
  try {
    return surpriseIn([change], await look({ at: subjectOf(change).name }))
  } catch (error) {
    if (error instanceof MailsyncError) return error
    throw error
  }
}

/** Sends the requests of a batch in their order, each once the one before has come to its end. */
async function send(
  api: HetznerApi,
  zone: ZoneRef,
  { change, steps }: HetznerBatch,
  { wait, works }: Waiting,
): Promise<Sent> {
  for (const [index, step] of steps.entries()) {
    const attempts: Attempt[] = []
    let isBegun = false
    try {
      const action = await api.begin(zone, step, attempts)
      isBegun = true
      await finish(api, action, step.doing, wait, works)
    } catch (error) {
      if (!(error instanceof MailsyncError)) throw error
      const failure = error.at({ record: keyOf(subjectOf(change)) })
      if (isBegun) return { kind: 'lost', failure, over: error.cause instanceof ActionFailed }
      const sent = sentOfCall(failure, attempts)
      // What an earlier request has done is neither the old nor the new.
      return index > 0 ? { kind: 'lost', failure, over: !attempts.includes('open') } : sent
    }
  }
  return { kind: 'written' }
}
