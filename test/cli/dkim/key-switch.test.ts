import { afterEach, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { ED25519_KEY } from '../../fixtures/dkim-keys.js'
import { onPowerdns } from '../../providers/powerdns/on-each-powerdns.js'
import { freshZone, onEachServer } from '../../providers/rfc2136/on-each-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { enter, printedEntries } from '../../steps/person.js'
import { type Workspace, workspace } from '../workspace.js'

const KEY = `v=DKIM1; k=ed25519; p=${ED25519_KEY}`
const PLACES = { txt: `{ txt: "${KEY}" }`, cname: '{ cname: s1.relay.example }' }

let space: Workspace | undefined
afterEach(() => space?.remove())

const spec = (provider: string, zone: string, key: keyof typeof PLACES): string => `providers: { dns: ${provider} }
zones: { ${zone}: { targets: [dns] } }
domains: { ${zone}: { spf: { include: [relay.example] }, dmarc: false, dkim: { keys: { s1: ${PLACES[key]} } } } }
`

/** Turns a key into a CNAME and back, and runs `seen` after each step. */
async function turned(
  provider: string,
  zone: string,
  env: Record<string, string>,
  seen: (place: keyof typeof PLACES) => Promise<void>,
): Promise<void> {
  space = await workspace({ 'mailsync.yaml': '', 'zones/example.com.yaml': '---\n' })
  for (const place of ['txt', 'cname', 'txt', 'cname'] as const) {
    await space.write('mailsync.yaml', spec(provider, zone, place))
    expect(await space.run(['apply', '--yes'], { env })).toMatchObject({ code: 0, stderr: '' })
    await seen(place)
    expect(await space.run(['plan', '--detailed-exitcode'], { env })).toMatchObject({ code: 0 })
  }
}

onEachServer('a key that becomes a CNAME and a TXT again', (server) => {
  test('is at its selector after each step, and the other is gone', async () => {
    const zone = freshZone()
    await server().addZone(zone, [])
    const { host, port, key } = server()
    const provider = rfc2136Options({ host, port, key }, 'env/SECRET')
    await turned(provider, zone, { SECRET: key.secret }, async (place) => {
      const shown = await server().dig('+noall', '+answer', '+norecurse', `s1._domainkey.${zone}`, 'TXT')
      expect(shown.includes('CNAME\ts1.relay.example.')).toBe(place === 'cname')
      expect(shown.includes(ED25519_KEY)).toBe(place === 'txt')
    })
  })
})

onEachServer(
  'a key that becomes a CNAME, by hand',
  (server) => {
    test('is told in the order in which it can be entered', async () => {
      const zone = freshZone() as Name
      await server().addZone(zone, `s1._domainkey 3600 TXT "${KEY}"\n@ 3600 TXT "v=spf1 include:relay.example ~all"`)
      const provider = `{ class: manual, servers: ['${server().host}:${server().port}'] }`
      space = await workspace({ 'mailsync.yaml': spec(provider, zone, 'txt') })
      expect((await space.run(['apply', '--yes'])).code).toBe(0)
      await space.write('mailsync.yaml', spec(provider, zone, 'cname'))
      const told = await space.run(['apply', '--yes'])
      expect(told.stdout.match(/^ {2}\d\. .*?(?= {2})/gm)).toEqual(['  1. Delete this record', '  2. Add this record'])
      await enter(server(), zone, printedEntries(told.stdout))
      const seen = await space.run(['apply', '--yes'])
      expect(seen).toMatchObject({ code: 0, stdout: expect.not.stringContaining('enter this by hand') })
      expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(0)
    })
  },
  ['bind'],
)

onPowerdns('a key that becomes a CNAME and a TXT again, over the API', (tell) => {
  test('is at its selector after each step, and the other is gone', async () => {
    const { zone, server, native } = await tell([])
    const provider = `{ class: powerdns, host: 127.0.0.1, port: ${server.api.port}, api_key: env/KEY }`
    await turned(provider, zone, { KEY: server.api.key }, async (place) => {
      expect((await native(`s1._domainkey.${zone}`, 'CNAME')) !== undefined).toBe(place === 'cname')
      expect((await native(`s1._domainkey.${zone}`, 'TXT')) !== undefined).toBe(place === 'txt')
    })
  })
})

describe('a key that becomes a CNAME and a TXT again, in octoDNS’s files', () => {
  test('is at its selector after each step, and the other is gone', async () => {
    await turned('{ class: yaml, directory: ./zones }', 'example.com', {}, async (place) => {
      const text = (await space?.read('zones/example.com.yaml')) ?? ''
      expect(text.includes('type: CNAME')).toBe(place === 'cname')
      expect(text.includes(ED25519_KEY)).toBe(place === 'txt')
    })
  })

  test('in a saved plan, which says what goes and what comes', async () => {
    const zone = {
      'zones/example.com.yaml': `---\ns1._domainkey:\n  type: TXT\n  value: ${KEY.replaceAll(';', '\\;')}\n`,
    }
    space = await workspace({
      'mailsync.yaml': spec('{ class: yaml, directory: ./zones }', 'example.com', 'cname'),
      ...zone,
    })
    const plan = space.path('plan.json')
    const planned = await space.run(['plan', '--out', plan])
    const shown = planned.stdout.replaceAll(`${space.directory}/`, '')
    expect(shown).toMatch(/^ {2}- s1\._domainkey\.example\.com\. +TXT/m)
    expect(shown).toMatch(
      /^ {2}\+ s1\._domainkey\.example\.com\. +CNAME +3600 +s1\.relay\.example\. +mailsync\.yaml:3$/m,
    )
    expect(shown).toContain('adopts what mailsync did not write')
    expect((await space.run(['apply', plan, '--yes'])).code).toBe(3)
    expect((await space.run(['apply', plan, '--yes', '--adopt'])).code).toBe(0)
    expect(await space.read('zones/example.com.yaml')).not.toContain('DKIM1')
  })
})
