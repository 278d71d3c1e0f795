import { afterEach, expect, test } from 'vitest'
import { replyTo, type ScriptedDns, startScriptedDns } from '../../servers/scripted-dns.js'
import { type Workspace, workspace } from '../workspace.js'

const ZONES = Array.from({ length: 1000 }, (_, index) => `z${index}.example`)

const NAMES = new Set(ZONES)

let server: ScriptedDns
let place: Workspace

afterEach(async () => {
  server.close()
  await place.remove()
})

/** Answers for every zone, which has nothing but what the spec wants of it, and the server's SOA. */
test('a thousand zones are asked for over a few sockets, each for no more than its spec concerns', async () => {
  server = await startScriptedDns((query) => {
    const { name } = query
    const data = { mname: 'a.example', rname: 'b.example', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 }
    if (query.type === 'SOA') return replyTo(query, { answers: [{ type: 'SOA', name, ttl: 60, data }] })
    if (query.type === 'TXT' && NAMES.has(name))
      return replyTo(query, { answers: [{ type: 'TXT', name, ttl: 300, data: 'v=spf1 ip4:192.0.2.10 ~all' }] })
    return replyTo(query, { rcode: 3 })
  })
  place = await workspace({
    'mailsync.yaml': `providers:
  panel: { class: manual, servers: '${server.host}:${server.port}' }
zones:
${ZONES.map((zone) => `  ${zone}.: { targets: [panel] }`).join('\n')}
hosts: {}
domains:
${ZONES.map((zone) => `  ${zone}: { spf: { addresses: [192.0.2.10] }, dkim: false, dmarc: false }`).join('\n')}
`,
  })
  const { code, stdout } = await place.run(['plan', '--detailed-exitcode'])
  expect(stdout).toContain('No record changes; what mailsync remembers does, in 1,000 zones.')
  expect(code).toBe(2)
  expect(server.clientPorts.size).toBeLessThanOrEqual(4)
  expect(server.queries.every(({ over }) => over === 'udp')).toBe(true)
  // The SOA, to know that the server has the zone, and the TXT.
  expect(server.queries.length).toBeLessThanOrEqual(2 * ZONES.length)
}, 60_000)
