import { afterAll, afterEach, beforeAll, describe, test } from 'vitest'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import { missingServer, serverAvailable, type ZoneContent } from '../../servers/dns-server.js'
import { missingNewerPowerdns, newerPowerdns, type Powerdns, startPowerdns } from '../../servers/powerdns.js'
import { type ApiProxy, startApiProxy } from './api-proxy.js'
import { connectTo } from './connect-to.js'

/** A zone of a real server, and the adapter connected to it through a place where calls are seen and lost. */
export interface Story {
  readonly zone: Name
  readonly server: Powerdns
  readonly proxy: ApiProxy
  readonly provider: Provider
  /** Somebody else's PATCH of the zone, past the proxy. */
  patch(...rrsets: readonly object[]): Promise<void>
  /** What the API itself says of an RRset, disabled records and comments included. */
  native(name: string, type: string): Promise<NativeSet | undefined>
}

export interface NativeSet {
  readonly ttl: number
  readonly records: readonly { readonly content: string; readonly disabled: boolean }[]
  readonly comments: readonly { readonly content: string }[]
}

let zones = 0

/** Describes what holds on the installed PowerDNS, and on a newer one; each is started once for all of it. */
export function onEachPowerdns(title: string, body: (tell: Teller, isNewer: boolean) => void): void {
  onPowerdns(title, body)
  onNewerPowerdns(title, body)
}

/** Describes what holds on the installed PowerDNS. */
export function onPowerdns(title: string, body: (tell: Teller, isNewer: boolean) => void): void {
  if (serverAvailable('powerdns'))
    describe(`${title} (the installed PowerDNS)`, () => withServer(startPowerdns, (tell) => body(tell, false)))
  else describe.skip(missingServer('powerdns'), () => test(title, () => {}))
}

/** Describes what holds on a PowerDNS that knows EXTEND and PRUNE. */
function onNewerPowerdns(title: string, body: (tell: Teller, isNewer: boolean) => void): void {
  const start = (): Promise<Powerdns> => startPowerdns({}, newerPowerdns)
  if (newerPowerdns) describe(`${title} (a newer PowerDNS)`, () => withServer(start, (tell) => body(tell, true)))
  else describe.skip(missingNewerPowerdns(), () => test(title, () => {}))
}

/** Makes a fresh zone with this content, and connects to it. */
type Teller = (content?: ZoneContent) => Promise<Story>

function withServer(start: () => Promise<Powerdns>, body: (tell: Teller) => void): void {
  let server: Powerdns
  const proxies: ApiProxy[] = []
  beforeAll(async () => {
    server = await start()
  })
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.close()
  })
  afterAll(() => server?.stop())
  body(async (content) => {
    const zone = `zone${++zones}.example.` as Name
    await server.addZone(zone, content)
    const proxy = await startApiProxy(server.api)
    proxies.push(proxy)
    const call = async (init: RequestInit): Promise<Response> => {
      const url = `http://127.0.0.1:${server.api.port}/api/v1/servers/localhost/zones/${zone}`
      const reply = await fetch(url, { ...init, headers: { 'x-api-key': server.api.key } })
      if (!reply.ok) throw new Error(await reply.text())
      return reply
    }
    return {
      zone,
      server,
      proxy,
      provider: connectTo(proxy.port, server.api.key),
      patch: async (...rrsets) => {
        await call({ method: 'PATCH', body: JSON.stringify({ rrsets }) })
      },
      native: async (name, type) => {
        const { rrsets } = (await (await call({})).json()) as { rrsets: ({ name: string; type: string } & NativeSet)[] }
        return rrsets.find((rrset) => rrset.name === name && rrset.type === type)
      },
    }
  })
}
