import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConformanceSubject, conformanceCases, type OpenZone } from '../../conformance/index.js'
import type { ProviderPlugin } from '../../providers/provider.js'
import type { Name } from '../../records/rr/name.js'
import {
  type AnyRRset,
  type Change,
  canonical,
  compareRRsets,
  keyOf,
  opaque,
  type RRset,
  subjectOf,
} from '../../records/rr/rrset.js'

const ROOT = new URL('../../', import.meta.url)

/** The API that the example in README talks to. */
class MyDns {
  readonly zones = new Map<string, Map<string, AnyRRset>>()
  fault: 'lose' | 'cut' | undefined
  readonly #server = createServer(async (request, response) => {
    const zone = this.zones.get(decodeURIComponent(request.url?.slice(1) ?? ''))
    if (!zone) {
      response.writeHead(404).end()
      return
    }
    if (request.method === 'PUT') {
      const change = (await json(request)) as Change
      if (change.kind === 'delete') zone.delete(keyOf(change.before))
      else zone.set(keyOf(subjectOf(change)), subjectOf(change))
      if (this.#takeFault('lose')) request.socket.destroy()
      else response.end('{}')
      return
    }
    const text = JSON.stringify([...zone.values()].map((rrset) => canonical(rrset)).sort(compareRRsets))
    response.end(this.#takeFault('cut') ? text.slice(0, text.length / 2) : text)
  })

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #takeFault(fault: 'lose' | 'cut'): boolean {
    if (this.fault !== fault) return false
    this.fault = undefined
    return true
  }
}

describe('the adapter in README', async () => {
  const dns = new MyDns()
  const directory = await mkdtemp(join(import.meta.dirname, 'readme-'))
  let url = ''
  beforeAll(async () => {
    url = await dns.start()
  })
  afterAll(async () => {
    dns.stop()
    await rm(directory, { recursive: true })
  })

  const blocks = (await readFile(new URL('README.md', ROOT), 'utf8')).matchAll(/```js\n(.*?)```/gs)
  const code = [...blocks].map(([, text = '']) => text).find((text) => text.includes("from 'mailsync'")) ?? ''
  const file = join(directory, 'my-adapter.js')
  await writeFile(file, code.replace("from 'mailsync'", `from ${JSON.stringify(new URL('src/index.ts', ROOT).href)}`))
  const { default: plugin } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    default: ProviderPlugin<{ url: string }>
  }

  const subject: ConformanceSubject = {
    plugin,
    can: {
      putForeign: true,
      putLocked: true,
      loseReply: true,
      cutRead: true,
      countWrites: 'it writes RRset by RRset',
      check: 'my-dns cannot be asked what a key may do',
    },
    open: async (zone: Name, seed: readonly RRset[]): Promise<OpenZone> => {
      const sets = new Map<string, AnyRRset>(seed.map((rrset) => [keyOf(rrset), rrset]))
      dns.zones.clear()
      dns.zones.set(zone, sets)
      return {
        provider: await plugin.connect(plugin.options({ url }), { directory, zones: [zone] }),
        edit: async (rrsets) => {
          for (const rrset of rrsets) {
            if (rrset.rdata.length === 0) sets.delete(keyOf(rrset))
            else sets.set(keyOf(rrset), rrset)
          }
        },
        putForeign: async (name) => {
          const dname = opaque(name, 'DNAME', 300, ['elsewhere.example.'])
          sets.set(keyOf(dname), dname)
          return dname.type
        },
        putLocked: async (name) => {
          const alias: RRset = { name, type: 'A', ttl: 60, rdata: [], locked: 'it is an alias' }
          sets.set(keyOf(alias), alias)
        },
        loseReply: () => {
          dns.fault = 'lose'
        },
        cutRead: () => {
          dns.fault = 'cut'
        },
        close: async () => {},
      }
    },
  }
  for (const { title, skip, run } of conformanceCases(subject)) test.skipIf(skip)(title, run)

  test('tells a wrong option', () => {
    expect(() => plugin.options({})).toThrow('invalid options')
  })
})
