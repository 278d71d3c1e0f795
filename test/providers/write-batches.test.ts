import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { a, cname } from '../../conformance/rrsets.js'
import { never, ZONE } from '../../conformance/subject.js'
import { type Batch, packed, type Sent, writeBatches } from '../../providers/write-batches.js'
import { MailsyncError } from '../../records/error.js'
import type { Change, RRset } from '../../records/rr/rrset.js'
import { zoneWith } from '../../records/rr/zone.js'

const before = a('mail', ['192.0.2.1'])
const after = a('mail', ['192.0.2.2'])
const change: Change = { kind: 'update', before, after }
const failure = new MailsyncError('unavailable', 'it failed', { hint: 'see the log', apiCode: '503' })

interface Trial {
  readonly sent: Sent
  readonly now?: readonly RRset[] | undefined
  readonly signal?: AbortSignal
}

/** Writes one change, whose batch comes to `sent`, after which the zone holds `now`; tells how often it was read back. */
async function write({ sent, now, signal = never }: Trial) {
  let reads = 0
  const result = await writeBatches(ZONE, [change], signal, async () => ({
    pack: (changes) => [{ changes }],
    send: async () => sent,
    readBack: async () => {
      reads++
      return now && zoneWith(ZONE, now)
    },
  }))
  return { ...result, reads }
}

describe('the verdict on a batch', () => {
  const applied = { applied: [change] }
  const failed = { applied: [], failure: { code: 'unavailable', where: { zone: ZONE } } }
  const uncertain = {
    applied: [],
    uncertain: [change],
    failure: { code: 'unavailable', hint: /plan again to see; see the log/ },
  }
  const stale = { applied: [], failure: { code: 'stale', apiCode: '503', where: { record: 'mail.example.com. A' } } }
  const other = [a('mail', ['203.0.113.9'])]
  const unsent: Sent = { kind: 'unsent', failure }
  const refused: Sent = { kind: 'refused', failure }
  const onceOver: Sent = { kind: 'refused', failure, earlier: 'over' }
  const onceOpen: Sent = { kind: 'refused', failure, earlier: 'open' }
  const over: Sent = { kind: 'lost', failure, over: true }
  const lost: Sent = { kind: 'lost', failure, over: false }

  test.each<[string, Sent, string, readonly RRset[] | undefined, object, number]>([
    ['written', { kind: 'written' }, 'is not asked', undefined, applied, 0],
    ['unsent', unsent, 'is not asked', undefined, failed, 0],
    ['refused', refused, 'is as before', [before], failed, 1],
    ['refused', refused, 'is unknown', undefined, failed, 1],
    ['refused', refused, 'is another', other, stale, 1],
    ['refused', refused, 'is as wanted, by somebody else', [after], stale, 1],
    ['refused, something in the way', refused, 'has a CNAME', [before, cname('mail', 'x.example.net.')], stale, 1],
    ['refused after a failed attempt', onceOver, 'is as wanted', [after], applied, 1],
    ['refused after a failed attempt', onceOver, 'is as before', [before], failed, 1],
    ['refused after a failed attempt', onceOver, 'is another', other, { ...stale, uncertain: [change] }, 1],
    ['refused after a failed attempt', onceOver, 'is unknown', undefined, uncertain, 1],
    ['refused after a lost attempt', onceOpen, 'is as wanted', [after], applied, 1],
    ['refused after a lost attempt', onceOpen, 'is as before', [before], uncertain, 1],
    ['refused after a lost attempt', onceOpen, 'is another', other, { ...stale, uncertain: [change] }, 1],
    ['lost, and over', over, 'is as wanted', [after], applied, 1],
    ['lost, and over', over, 'is as before', [before], failed, 1],
    ['lost, and over', over, 'is another', other, uncertain, 1],
    ['lost, and over', over, 'is unknown', undefined, uncertain, 1],
    ['lost', lost, 'is as wanted', [after], applied, 1],
    ['lost', lost, 'is as before', [before], uncertain, 1],
    ['lost', lost, 'is another', other, uncertain, 1],
    ['lost', lost, 'is unknown', undefined, uncertain, 1],
  ])('that was %s (%j), where the zone %s', async (_what, sent, _zone, now, verdict, reads) => {
    const result = await write({ sent, now })
    expect(result).toMatchObject({ ...verdict, reads })
    expect(result.uncertain === undefined).toBe(!('uncertain' in verdict))
    expect(result.failure === undefined).toBe(!('failure' in verdict))
  })

  test('that was lost after the user stopped is uncertain without a question', async () => {
    const stop = new AbortController()
    const result = await writeBatches(ZONE, [change], stop.signal, async () => ({
      pack: (changes) => [{ changes }],
      send: async () => {
        stop.abort()
        return lost
      },
      readBack: () => expect.unreachable('no call after the stop'),
    }))
    expect(result).toMatchObject(uncertain)
  })
})

describe('a batch that the provider failed', () => {
  const over: Sent = { kind: 'lost', failure, over: true }

  async function failing(times: number, zones: readonly (readonly RRset[])[], signal = never) {
    const waits: number[] = []
    let sent = 0
    const result = await writeBatches(ZONE, [change], signal, async () => ({
      pack: (changes) => [{ changes }],
      send: async () => (sent++ < times ? over : { kind: 'written' }),
      readBack: async () => zoneWith(ZONE, zones[Math.min(sent, zones.length) - 1] ?? []),
      pause: async (milliseconds) => {
        waits.push(milliseconds)
      },
    }))
    return { result, sent, waits }
  }

  test('is sent again where nothing of it was done', async () => {
    const { result, sent, waits } = await failing(2, [[before]])
    expect([result, sent]).toEqual([{ applied: [change] }, 3])
    expect(waits).toHaveLength(2)
  })

  test('is not sent again where it was done, or somebody wrote meanwhile', async () => {
    expect(await failing(1, [[after]])).toMatchObject({ result: { applied: [change] }, sent: 1 })
    expect(await failing(9, [[a('mail', ['203.0.113.9'])]])).toMatchObject({ result: { uncertain: [change] }, sent: 1 })
  })

  test('again and again is told', async () => {
    const { result, sent } = await failing(9, [[before]])
    expect([result, sent]).toEqual([{ applied: [], failure: expect.objectContaining({ code: 'unavailable' }) }, 4])
  })
})

describe('a batch in other octets than those that stand there', () => {
  async function respelled(...sent: readonly Sent[]) {
    const batches: (Batch & { readonly spelling: number })[] = []
    const result = await writeBatches(ZONE, [change], never, async () => ({
      pack: (changes) => [{ changes, spelling: 0 }],
      send: async (batch) => {
        batches.push(batch)
        return sent[batches.length - 1] as Sent
      },
      readBack: async () => zoneWith(ZONE, [before]),
      respell: ({ changes, spelling }) => [{ changes, spelling: spelling + 1 }],
    }))
    return { result, spellings: batches.map(({ spelling }) => spelling) }
  }

  test('is sent once more', async () => {
    const { result, spellings } = await respelled({ kind: 'refused', failure }, { kind: 'written' })
    expect([result, spellings]).toEqual([{ applied: [change] }, [0, 1]])
  })

  test('is not sent a third time', async () => {
    const { result, spellings } = await respelled({ kind: 'refused', failure }, { kind: 'refused', failure })
    expect([result.failure?.code, spellings]).toEqual(['unavailable', [0, 1]])
  })

  test('is not sent again where it may still be carried out as it was', async () => {
    const { spellings } = await respelled({ kind: 'lost', failure, over: false })
    expect(spellings).toEqual([0])
  })
})

describe('a write', () => {
  const unreachable = () => expect.unreachable('nothing is begun')

  test('of nothing, or after the stop, begins nothing', async () => {
    expect(await writeBatches(ZONE, [], never, unreachable)).toEqual({ applied: [] })
    expect(await writeBatches(ZONE, [change], AbortSignal.abort(), unreachable)).toMatchObject({
      applied: [],
      failure: { code: 'cancelled' },
    })
  })

  test('that cannot begin fails; a bug is thrown', async () => {
    const begin = async () => {
      throw failure
    }
    expect(await writeBatches(ZONE, [change], never, begin)).toMatchObject({
      applied: [],
      failure: { where: { zone: ZONE } },
    })
    const bug = async () => {
      throw new TypeError('a bug')
    }
    await expect(writeBatches(ZONE, [change], never, bug)).rejects.toThrow(TypeError)
  })

  test('of several batches ends at the first that fails', async () => {
    const changes = ['h1', 'h2', 'h3'].map((label): Change => ({ kind: 'create', after: a(label, ['192.0.2.1']) }))
    const result = await writeBatches(ZONE, changes, never, async () => ({
      pack: (all) => all.map((one) => ({ changes: [one] })),
      send: async (batch) => (batch.changes[0] === changes[1] ? { kind: 'unsent', failure } : { kind: 'written' }),
      readBack: unreachable,
    }))
    expect(result).toMatchObject({ applied: [changes[0]], failure: { code: 'unavailable' } })
  })
})

test('batches keep the order, hold everything, and are as full as their limits allow', () => {
  const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })))
  fc.assert(
    fc.property(sizes, (items) => {
      const batches = packed(items, (item) => item, [10, 8])
      expect(batches.flat()).toEqual(items)
      const fits = (batch: readonly (readonly [number, number])[]): boolean =>
        batch.reduce((sum, [one]) => sum + one, 0) <= 10 && batch.reduce((sum, [, two]) => sum + two, 0) <= 8
      for (const [index, batch] of batches.entries()) {
        expect(batch.length === 1 || fits(batch)).toBe(true)
        const next = batches[index + 1]?.[0]
        if (next) expect(fits([...batch, next])).toBe(false)
      }
    }),
  )
})
