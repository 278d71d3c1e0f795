import { afterAll, beforeAll, describe, test } from 'vitest'
import { type BindOptions, startBind } from './bind.js'
import { type DnsServer, missingServer, serverAvailable } from './dns-server.js'

/** Describes what holds on a BIND 9 that is started once for all of it; `server` answers while the tests run. */
export function onBind(title: string, body: (server: DnsServer) => void, options?: BindOptions): void {
  if (!serverAvailable('bind')) {
    describe.skip(missingServer('bind'), () => test(title, () => {}))
    return
  }
  describe(title, () => {
    let started: DnsServer | undefined
    beforeAll(async () => {
      started = await startBind(options)
    })
    afterAll(() => started?.stop())
    body(new Proxy({} as DnsServer, { get: (_, property) => Reflect.get(started as DnsServer, property) }))
  })
}
