import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import type { Name } from '../../../records/rr/name.js'
import { judge } from '../../../src/prove/judge.js'
import { resolvedDns } from '../../../src/spf/resolved-dns.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { DIFFERENCES, seenBy } from './differences.js'
import { type Mail, mailOf, zoneLines } from './mail.js'
import { type Receivers, startReceivers, tellMissingReceivers } from './receivers.js'
import { type Outcome, VARIANTS } from './variants.js'

const SUFFIX = 'example'
const originOf = (index: number): string => `v${index}.${SUFFIX}`

/** What `--prove` makes of it. */
async function judged(
  { domain, text, publicKey, from, ip, helo }: Mail,
  dns: ReturnType<typeof resolvedDns>,
): Promise<Outcome> {
  const name = `${domain}.` as Name
  const signer = { domain: name, selector: 's1', key: { domain: name, selector: 's1', publicKey } as RingKey }
  const mailing = { domain: name, sender: { ip, mailFrom: from, helo }, messages: [{ signer, text }] }
  const { spf, dkim, dmarc } = await judge(mailing, dns)
  return { spf: spf.result, dkim: dkim.result, dmarc: dmarc.result }
}

tellMissingReceivers()

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('receivers agree', () => {}))
else
  describe('real receivers judge as --prove does', () => {
    let server: DnsServer
    let receivers: Receivers
    let dns: ReturnType<typeof publicDns>
    beforeAll(async () => {
      const content = VARIANTS.map((variant, index) => zoneLines(variant, originOf(index))).join('\n')
      server = await startBind({ recursion: true, zones: { [`${SUFFIX}.`]: content, '.': '' } })
      dns = publicDns({ resolver: `${server.host}:${server.port}` })
      receivers = await startReceivers(SUFFIX, server)
    }, 60_000)
    afterAll(async () => {
      await receivers?.stop()
      dns?.close()
      await server?.stop()
    })

    test('no difference is named that there is none of', () => {
      const names = VARIANTS.map(({ name }) => name)
      for (const { variants } of DIFFERENCES) expect(names).toEqual(expect.arrayContaining([...variants]))
    })

    test.each(VARIANTS.map((variant, index) => [variant.name, variant, index] as const))(
      '%s',
      async (_, variant, index) => {
        const mail = await mailOf(variant, originOf(index))
        const [spf = '', dkim = '', dmarc = ''] = variant.outcome.split(' ')
        const outcome: Outcome = { spf, dkim, dmarc }
        expect(await judged(mail, resolvedDns(dns.resolver))).toEqual(outcome)
        for (const [who, receiver] of receivers.all) {
          const seen = await receiver.receive(mail)
          expect({ who, ...seen }).toEqual({ who, ...seenBy(who, variant.name, outcome, seen) })
        }
      },
    )
  })
