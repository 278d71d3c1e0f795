import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { type Fleet, seenIn, startFleet, zoneAt } from './fleet.js'

const ZONES = 200
const right = { mx: '3600 MX 10 mail.customer0.example.', dmarc: '3600 TXT "v=DMARC1; p=none"' }

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('--observe dns on BIND', () => {}))
else
  describe('zones on BIND 9 are looked at through DNS, and their provider is asked only where they are not as wanted', () => {
    let fleet: Fleet
    beforeAll(async () => {
      fleet = await startFleet({ zones: ZONES })
      expect(await fleet.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
    })
    afterAll(() => fleet.remove())

    /** What a run costs in calls of the API. */
    const callsOf = async <T>(work: () => Promise<T>): Promise<{ calls: number; result: T }> => {
      const before = fleet.calls()
      const result = await work()
      return { calls: fleet.calls() - before, result }
    }
    /** Somebody edits zones by hand; what they had is put back in the end. */
    const edited = async (lines: readonly string[], back: readonly string[], look: () => Promise<void>) => {
      await fleet.server.nsupdate(lines.join('\n'))
      try {
        await look()
      } finally {
        await fleet.server.nsupdate(back.join('\n'))
      }
    }
    const mx = (index: number): string => `${zoneAt(index)}. MX`
    const put = (owner: string, record: string): string => `update add ${owner} ${record}`

    test('where nothing differs, no call is made, and the plan says how it was looked at', async () => {
      const { calls, result } = await callsOf(() => fleet.run('plan', '--observe', 'dns', '--detailed-exitcode'))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(result.stdout).toContain(`Nothing to do: 200 zones are as the spec wants.
200 zones were looked at through DNS only and are as wanted. What others have there, and what a provider locks or makes up, is not seen that way.
`)
      expect(calls).toBe(0)
      expect(seenIn(await fleet.plan())).toEqual({
        by: 'observe',
        value: 'dns',
        asWanted: ZONES,
        unchanged: 0,
        asked: [],
        silent: [],
      })
    })

    test('what somebody edited is found, read at its provider, and shown as without --observe', async () => {
      const edit = [`update delete ${mx(7)}`, put(`${zoneAt(7)}.`, '3600 MX 5 mail.attacker.example.')]
      await edited(edit, [`update delete ${mx(7)}`, put(`${zoneAt(7)}.`, right.mx)], async () => {
        const { calls, result: plan } = await callsOf(() => fleet.plan())
        expect(calls).toBe(1)
        const whole = JSON.parse((await fleet.run('plan', '--format', 'json')).stdout)
        expect(whole.zones).toHaveLength(1)
        expect([plan.zones, plan.unchanged]).toEqual([whole.zones, ZONES - 1])
        expect(seenIn(plan)).toMatchObject({
          asWanted: ZONES - 1,
          asked: [
            { zone: `${zoneAt(7)}.`, why: 'differs', message: `${mx(7)} is not as the spec wants it`, confirmed: true },
          ],
        })
      })
    })

    test('apply writes there and nowhere else', async () => {
      const edit = [`update delete _dmarc.${zoneAt(9)}. TXT`]
      await edited(edit, [], async () => {
        const { calls, result } = await callsOf(() => fleet.run('apply', '--yes', '--observe', 'dns'))
        expect(result).toMatchObject({ code: 0, stderr: '' })
        expect(result.stdout).toContain('1 created, 0 updated, 0 deleted in 1 zone.')
        expect(calls).toBe(2)
        expect(await fleet.server.dig('+short', `_dmarc.${zoneAt(9)}.`, 'TXT')).toBe('"v=DMARC1; p=none"\n')
      })
    })

    test('what others have there is theirs: their values, names and types are no difference', async () => {
      const strange = [`${zoneAt(3)}. 3600 TXT "another=token"`, `shop.${zoneAt(3)}. 60 CNAME shops.example.`]
      const gone = [`update delete ${strange[0]}`, `update delete shop.${zoneAt(3)}. CNAME`]
      await edited(
        strange.map((record) => `update add ${record}`),
        gone,
        async () => {
          const { calls, result } = await callsOf(() => fleet.plan())
          expect([calls, result.zones]).toEqual([0, []])
        },
      )
    })

    test('an SPF of ours that is gone is missed among the values of others', async () => {
      const spf = `${zoneAt(4)}. 3600 TXT "v=spf1 ip4:192.0.2.10 ~all"`
      await edited([`update delete ${spf}`], [`update add ${spf}`], async () => {
        expect((await fleet.plan()).zones.map(({ zone }) => zone)).toEqual([`${zoneAt(4)}.`])
      })
    })

    test('another TTL is a difference, as an authoritative answer has it whole', async () => {
      const edit = [`update delete ${mx(5)}`, put(`${zoneAt(5)}.`, '60 MX 10 mail.customer0.example.')]
      await edited(edit, [`update delete ${mx(5)}`, put(`${zoneAt(5)}.`, right.mx)], async () => {
        expect((await fleet.plan()).zones.map(({ zone }) => zone)).toEqual([`${zoneAt(5)}.`])
      })
    })

    test('a CNAME in place of a record is found', async () => {
      const name = `_dmarc.${zoneAt(6)}.`
      const [edit, back] = [put(name, '3600 CNAME _dmarc.customer0.example.'), put(name, right.dmarc)]
      await edited([`update delete ${name}`, edit], [`update delete ${name}`, back], async () => {
        const seen = seenIn(await fleet.plan())
        expect(seen.asked).toMatchObject([{ zone: `${zoneAt(6)}.`, why: 'differs' }])
      })
    })

    test('a wildcard that answers with what a record would say is not taken for the record', async () => {
      const [name, wildcard] = [`_dmarc.${zoneAt(8)}.`, `*.${zoneAt(8)}.`]
      const back = [`update delete ${wildcard}`, put(name, right.dmarc)]
      await edited([`update delete ${name}`, put(wildcard, right.dmarc)], back, async () => {
        expect(await fleet.server.dig('+short', name, 'TXT')).toBe('"v=DMARC1; p=none"\n')
        const plan = await fleet.plan()
        expect(seenIn(plan).asked).toMatchObject([
          { why: 'unseen', message: `a wildcard may be what answers ${name} TXT` },
        ])
        expect(plan.zones.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(['create'])
      })
    })

    test('a wildcard beside records that say something else costs no call', async () => {
      const wildcard = `*.${zoneAt(8)}.`
      await edited([put(wildcard, '3600 TXT "anything"')], [`update delete ${wildcard}`], async () => {
        expect((await callsOf(() => fleet.plan())).calls).toBe(0)
      })
    })

    test('an answer that is too large for UDP is read over TCP, and costs no call', async () => {
      const tokens = Array.from(
        { length: 20 },
        (_, index) => `${zoneAt(10)}. 3600 TXT "token${index}=${'x'.repeat(100)}"`,
      )
      const gone = tokens.map((record) => `update delete ${record}`)
      await edited(
        tokens.map((record) => `update add ${record}`),
        gone,
        async () => {
          const { calls, result } = await callsOf(() => fleet.plan())
          expect([calls, seenIn(result).asWanted]).toEqual([0, ZONES])
        },
      )
    })

    test('what left the spec is known by the memory in the zone', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      await fleet.space.write('mailsync.yaml', spec.replace(`\n  ${zoneAt(11)}: { mx: [mail.customer0.example] }`, ''))
      try {
        const { calls, result } = await callsOf(() => fleet.plan())
        expect(calls).toBe(1)
        expect(result.zones).toMatchObject([{ zone: `${zoneAt(11)}.`, removed: 3 }])
      } finally {
        await fleet.space.write('mailsync.yaml', spec)
      }
    })

    test('where the memory is gone, records are claimed again', async () => {
      const memory = `_mailsync.${zoneAt(12)}. TXT`
      const was = (await fleet.server.dig('+noall', '+answer', `_mailsync.${zoneAt(12)}.`, 'TXT')).trim()
      await edited([`update delete ${memory}`], [`update add ${was}`], async () => {
        expect((await fleet.plan()).zones).toMatchObject([{ zone: `${zoneAt(12)}.`, owned: 0, claimed: [{}, {}, {}] }])
      })
    })

    test('--zone and --domain limit what is looked at', async () => {
      expect(seenIn(await fleet.plan('--zone', zoneAt(1))).asWanted).toBe(1)
      expect(seenIn(await fleet.plan('--domain', zoneAt(2))).asWanted).toBe(2)
    })

    test('a saved plan is compared with what the provider holds, whatever it was made by', async () => {
      const file = fleet.space.path('plan.json')
      await edited([`update delete ${mx(13)}`], [], async () => {
        await fleet.plan('--out', file)
        const asReviewed = await fleet.run('apply', file, '--yes', '--observe', 'dns')
        expect(asReviewed).toMatchObject({ code: 0, stderr: '' })
        expect(asReviewed.stdout).toContain('1 created, 0 updated, 0 deleted in 1 zone.')
      })
    })

    test('where no server answers, every zone is left to its provider, with the reason', async () => {
      const spec = await fleet.space.read('mailsync.yaml')
      await fleet.space.write(
        'mailsync.yaml',
        spec.replaceAll(`'${fleet.server.host}:${fleet.server.port}'`, "'127.0.0.1:9'"),
      )
      try {
        const { calls, result } = await callsOf(() => fleet.run('plan', '--observe', 'dns'))
        expect([calls, result.code]).toEqual([ZONES, 0])
        expect(result.stdout).toContain(
          'No zone was seen through DNS to be as wanted. 200 zones could not be seen there, and their providers were asked: customer0.example. (no name server answers for it: 127.0.0.1 port 9 cannot be reached: ECONNREFUSED) and 199 more.',
        )
      } finally {
        await fleet.space.write('mailsync.yaml', spec)
      }
    })
  })
