import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { connectTo } from './connect-to.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { type DnsProxy, isUpdate, type ProxyRules, rcodeOf, startProxy } from './proxy.js'
import { a, create, nameIn, never, remove, update } from './rrsets.js'

const NOERROR = 0
const YXDOMAIN = 6
const YXRRSET = 7
const NXRRSET = 8

async function through<T>(server: DnsServer, rules: ProxyRules, body: (proxy: DnsProxy) => Promise<T>): Promise<T> {
  const proxy = await startProxy(server, rules)
  try {
    return await body(proxy)
  } finally {
    proxy.close()
  }
}

/** Lets somebody else edit the zone when the nth UPDATE is already on its way. */
function meddle(server: DnsServer, rrsets: readonly RRset[], nth = 1): ProxyRules {
  let updates = 0
  return {
    onRequest: async (message) => {
      if (isUpdate(message) && ++updates === nth) await server.edit(rrsets)
      return message
    },
  }
}

onEachServer('a competing writer', (server) => {
  const cases = [
    { what: 'changes a value', before: ['192.0.2.1'], rival: ['192.0.2.99'], rcode: NXRRSET },
    { what: 'adds a value', before: ['192.0.2.1'], rival: ['192.0.2.1', '192.0.2.99'], rcode: NXRRSET },
    { what: 'takes the RRset away', before: ['192.0.2.1'], rival: [], rcode: NXRRSET },
    { what: 'creates the RRset first', before: undefined, rival: ['192.0.2.99'], rcode: YXRRSET },
  ]
  for (const { what, before, rival, rcode } of cases)
    test(`that ${what} while our UPDATE is on its way is detected by the server itself`, async () => {
      const zone = freshZone()
      const seed = before ? [a(zone, 'mail', before)] : []
      await server().addZone(zone, [...seed, a(zone, 'other', ['192.0.2.50'])])
      const wanted = a(zone, 'mail', ['192.0.2.2'])
      const mail = before ? update(a(zone, 'mail', before), wanted) : create(wanted)
      const result = await through(server(), meddle(server(), [a(zone, 'mail', rival)]), async (proxy) => {
        const provider = await connectTo(proxy)
        const written = await provider.write(
          zone as Name,
          [create(a(zone, 'new', ['192.0.2.3'])), mail, remove(a(zone, 'other', ['192.0.2.50']))],
          never,
        )
        expect(isUpdate(proxy.requests[0] as Buffer)).toBe(true)
        expect(rcodeOf(proxy.replies[0] as Buffer)).toBe(rcode)
        return written
      })
      expect(result).toMatchObject({
        applied: [],
        failure: { code: 'stale', where: { zone, record: `mail.${zone} A` }, message: /mail\.zone/ },
      })
      expect(result.uncertain).toBeUndefined()
      const now = await (await connectTo(server())).read(zone as Name, never)
      expect(now.filter(({ type }) => type === 'A')).toEqual([
        ...(rival.length > 0 ? [a(zone, 'mail', rival)] : []),
        a(zone, 'other', ['192.0.2.50']),
      ])
    })

  test('that puts a CNAME where we add an address is detected, for a server would ignore the address in silence', async () => {
    const zone = freshZone()
    await server().addZone(zone)
    const cname: RRset = { type: 'CNAME', name: nameIn(zone, 'mail'), ttl: 60, rdata: ['www.example.net.' as Name] }
    const result = await through(server(), meddle(server(), [cname]), async (proxy) =>
      (await connectTo(proxy)).write(zone as Name, [create(a(zone, 'mail', ['192.0.2.1']))], never),
    )
    expect(result).toMatchObject({ applied: [], failure: { code: 'stale', apiCode: 'YXRRSET' } })
  })

  test('that puts an address where we add a CNAME is detected too', async () => {
    const zone = freshZone()
    await server().addZone(zone)
    const cname: RRset = { type: 'CNAME', name: nameIn(zone, 'www'), ttl: 60, rdata: ['www.example.net.' as Name] }
    const replies: number[] = []
    const result = await through(server(), meddle(server(), [a(zone, 'www', ['192.0.2.1'])]), async (proxy) => {
      const written = await (await connectTo(proxy)).write(zone as Name, [create(cname)], never)
      replies.push(...proxy.replies.slice(0, 1).map(rcodeOf))
      return written
    })
    expect(replies).toEqual([YXDOMAIN])
    expect(result).toMatchObject({ applied: [], failure: { code: 'stale' } })
  })

  test('that works on other names of the zone does not disturb', async () => {
    const zone = freshZone()
    await server().addZone(zone, [a(zone, 'mail', ['192.0.2.1'])])
    const change = update(a(zone, 'mail', ['192.0.2.1']), a(zone, 'mail', ['192.0.2.2']))
    const result = await through(server(), meddle(server(), [a(zone, 'www', ['192.0.2.99'])]), async (proxy) => {
      const written = await (await connectTo(proxy)).write(zone as Name, [change], never)
      expect(proxy.replies.map(rcodeOf)).toEqual([NOERROR])
      return written
    })
    expect(result).toEqual({ applied: [change] })
  })
})
