import { afterAll, beforeAll, describe, test } from 'vitest'
import type { ConformanceSubject, OpenZone } from '../../../conformance/index.js'
import { exceptionsOf } from '../../../providers/octodns/exceptions.js'
import type { Provider } from '../../../providers/provider.js'
import { RRTYPES, type RRType } from '../../../records/rr/rdata.js'
import { certify, type Ground } from '../../conformance/certify.js'
import { isOctodnsAvailable, missingOctodns } from '../../servers/octodns.js'
import { keptOpen, learnedFacts } from './connect-to.js'

/** What a class of octoDNS is tried on. */
export interface Served {
  connect(): Promise<Provider>
  readonly open: (...given: Parameters<ConformanceSubject['open']>) => Promise<Omit<OpenZone, 'provider' | 'close'>>
  stop(): Promise<void>
}

export interface Trial extends Ground, Pick<ConformanceSubject, 'skip'> {
  /** Whether it is known how the plugin writes TXT. Default: it is. */
  readonly isTxtKnown?: boolean
  /** The types that it does not hold. */
  readonly lacks?: readonly RRType[]
  /** Why it cannot be started here. */
  readonly missing?: string | undefined
  readonly can: Partial<ConformanceSubject['can']>
  start(): Promise<Served>
}

/** Runs the suite on a class of octoDNS. Python is started once for all cases, as it takes half a second. */
export function certifyClass({ missing, start, can, skip, isTxtKnown = true, lacks = [], ...ground }: Trial): void {
  const why = missing ?? (isOctodnsAvailable ? undefined : missingOctodns())
  if (why !== undefined) {
    describe.skip(why, () => test('skipped', () => {}))
    return
  }
  describe(`octodns on ${ground.on}`, () => {
    const plugin = learnedFacts()
    let served: Served
    let provider: Provider
    beforeAll(async () => {
      served = await start()
      provider = plugin.learn(await served.connect())
    })
    afterAll(async () => {
      await provider?.close?.()
      await served?.stop()
    })
    certify(ground, {
      plugin,
      ...(skip && { skip }),
      ...exceptionsOf(
        isTxtKnown,
        RRTYPES.filter((type) => !lacks.includes(type)),
      ),
      can: {
        putForeign: true,
        putLocked: 'octoDNS shows no such set here',
        loseReply: true,
        cutRead: true,
        countWrites: 'how many requests a write is, is up to the class',
        check: 'octoDNS does not tell whether a zone can be written',
        ...can,
      },
      open: async (zone, seed): Promise<OpenZone> => ({
        ...(await served.open(zone, seed)),
        provider: keptOpen(provider),
        close: async () => {},
      }),
    })
  })
}
