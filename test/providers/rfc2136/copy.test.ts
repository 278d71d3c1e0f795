import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeMessage } from '../../../providers/dns/message.js'
import { connectServer } from '../../../providers/rfc2136/connection.js'
import { zoneCopies } from '../../../providers/rfc2136/copy/zone-copies.js'
import { plugin } from '../../../providers/rfc2136/index.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, compareRRsets, isKnown } from '../../../records/rr/rrset.js'
import { connectTo } from './connect-to.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { type DnsProxy, startProxy } from './proxy.js'
import { a, create, never, txt, update } from './rrsets.js'

let folder: string
let proxy: DnsProxy | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-copies-'))
})
afterEach(async () => {
  proxy?.close()
  proxy = undefined
  await rm(folder, { recursive: true, force: true })
})

const [IXFR, AXFR] = [251, 252]
const WWW = 'www IN A 192.0.2.1'
/** BIND answers with differences only where they are less than the zone (`max-ixfr-ratio`). */
const LARGE = [WWW, ...Array.from({ length: 100 }, (_, index) => `h${index} IN A 198.51.100.${index}`)].join('\n')

/** The order of values means nothing; those of other types come as they come. */
function inOrder(rrsets: readonly AnyRRset[]): AnyRRset[] {
  const sorted = rrsets.map((rrset) => (isKnown(rrset) ? rrset : { ...rrset, rdata: [...rrset.rdata].sort() }))
  return sorted.sort(compareRRsets)
}

/** What was asked through the proxy: types of questions, in order. */
function asked(): number[] {
  return (proxy?.requests ?? []).map((request) => decodeMessage(request).question?.type ?? 0)
}

onEachServer('a copy of a zone', (server, kind) => {
  const zoneWithCopy = async (content: Parameters<ReturnType<typeof server>['addZone']>[1] = []) => {
    const zone = freshZone() as Name
    await server().addZone(zone, content)
    proxy = await startProxy(server(), {})
    const provider = await connectTo(proxy, { cache: folder })
    return { zone, provider }
  }
  const copyFile = async (): Promise<string> => join(folder, (await readdir(folder))[0] as string)

  test('is made by the first read, and then one question tells that nothing has changed', async () => {
    const { zone, provider } = await zoneWithCopy('www IN A 192.0.2.1\n@ IN TXT "a" "b"')
    const first = await provider.read(zone, never)
    expect(asked()).toEqual([AXFR])
    expect((await stat(await copyFile())).mode & 0o777).toBe(0o600)
    expect(inOrder(await provider.read(zone, never))).toEqual(inOrder(first))
    expect(asked()).toEqual([AXFR, IXFR])
    expect(proxy?.replies.at(-1)?.readUInt16BE(6)).toBe(1)
  })

  test('serves another run, and what somebody changed since comes with it', async () => {
    const { zone, provider } = await zoneWithCopy(LARGE)
    await provider.read(zone, never)
    const before = proxy?.replies.length
    await server().edit([a(zone, 'www', ['192.0.2.2']), txt(zone, 'new', ['more'])])
    const next = await connectTo(proxy as DnsProxy, { cache: folder })
    const now = await next.read(zone, never)
    expect(now).toContainEqual(a(zone, 'www', ['192.0.2.2']))
    expect(now).toContainEqual(txt(zone, 'new', ['more']))
    expect(asked()).toEqual([AXFR, IXFR])
    // PowerDNS answers with the whole zone.
    const records = proxy?.replies.slice(before).reduce((sum, reply) => sum + decodeMessage(reply).answers.length, 0)
    expect(Number(records) > 100).toBe(kind === 'powerdns')
  })

  test('has what we write, with the next read', async () => {
    const { zone, provider } = await zoneWithCopy()
    await provider.read(zone, never)
    const mail = a(zone, 'mail', ['192.0.2.1'])
    expect(await provider.write(zone, [create(mail)], never)).toEqual({ applied: [create(mail)] })
    expect(await provider.read(zone, never)).toContainEqual(mail)
    expect(asked().filter((type) => type === AXFR)).toHaveLength(1)
  })

  for (const [what, spoil] of [
    ['that was changed by hand', (text: string) => text.replace('192.0.2.1', '192.0.2.66')],
    ['that is cut', (text: string) => text.slice(0, -20)],
    ['of another version', (text: string) => text.replace('"version":2', '"version":1')],
    ['that is no text of ours', () => '\u0000\n{"__proto__": 1}'],
  ] as const)
    test(`${what} is not believed: the zone is read whole`, async () => {
      const { zone, provider } = await zoneWithCopy('www IN A 192.0.2.1')
      const first = await provider.read(zone, never)
      const file = await copyFile()
      const text = await readFile(file, 'utf8')
      expect(spoil(text)).not.toBe(text)
      await writeFile(file, spoil(text))
      expect(await provider.read(zone, never)).toEqual(first)
      expect(asked()).toEqual([AXFR, AXFR])
      expect(await readFile(file, 'utf8')).toBe(text)
    })

  test('that another key made is not used', async () => {
    const { zone, provider } = await zoneWithCopy('www IN A 192.0.2.1')
    await provider.read(zone, never)
    const stranger = await connectTo(proxy as DnsProxy, { cache: folder, key_secret: 'QUJD' })
    await expect(stranger.read(zone, never)).rejects.toMatchObject({ code: 'authentication' })
    expect(asked()).not.toContain(IXFR)
  })

  test('whose zone went back to an older serial is read whole', async () => {
    const { zone, provider } = await zoneWithCopy('www IN A 192.0.2.1')
    await server().edit([a(zone, 'www', ['192.0.2.2'])])
    expect(await provider.read(zone, never)).toContainEqual(a(zone, 'www', ['192.0.2.2']))
    await server().addZone(zone, 'www IN A 192.0.2.3')
    expect(await provider.read(zone, never)).toContainEqual(a(zone, 'www', ['192.0.2.3']))
  })

  test('whose zone was replaced under the same serial is found out by the write, and read anew', async () => {
    const { zone, provider } = await zoneWithCopy('www IN A 192.0.2.1')
    const www = a(zone, 'www', ['192.0.2.1'])
    expect(await provider.read(zone, never)).toContainEqual(www)
    await server().addZone(zone, 'www IN A 192.0.2.3')
    expect(await provider.read(zone, never)).toContainEqual(www)
    const change = update(www, a(zone, 'www', ['192.0.2.4']))
    expect(await provider.write(zone, [change], never)).toMatchObject({ applied: [], failure: { code: 'stale' } })
    expect(await readdir(folder)).toEqual([])
    expect(await provider.read(zone, never)).toContainEqual(a(zone, 'www', ['192.0.2.3']))
  })

  test('that cannot be removed after a write that fails is told with what became of the write', async () => {
    const { zone } = await zoneWithCopy('www IN A 192.0.2.1')
    const { host, port, key } = server()
    const options = plugin.options({ host, port, key_name: key.name, key_secret: key.secret })
    const stuck = () => {
      throw new MailsyncError('io', 'zone.copy: read-only file system')
    }
    const copies = { now: () => 0, find: () => undefined, save: () => {}, drop: stuck }
    const provider = connectServer(options, copies)
    const changes = [create(a(zone, 'new', ['192.0.2.7'])), update(a(zone, 'www', ['192.0.2.9']), a(zone, 'www', []))]
    expect(await provider.write(zone, changes, never)).toMatchObject({
      applied: [],
      failure: { code: 'stale', hint: expect.stringContaining('zone.copy: read-only file system') },
    })
    await provider.close?.()
  })
})

test('a copy is believed for some days, and then the zone is read whole, as it may have changed under its serial', async () => {
  const [zone, server] = ['example.com.' as Name, { host: '127.0.0.1', port: 53, timeout: 1 }]
  const DAY = 86_400
  const after = (days: number) => zoneCopies(folder, server, undefined, () => days * DAY)
  const copy = { serial: 7, wholeAt: 10 * DAY, sets: new Map() }
  ;(await after(10)).save(zone, copy)
  expect((await after(13)).find(zone)).toEqual(copy)
  expect((await after(18)).find(zone)).toBeUndefined()
  expect((await after(9)).find(zone)).toBeUndefined()
})

const record = fc.record({
  label: fc.constantFrom('@', 'a', 'b', 'c.b', '*.a', 'MixedCase'),
  kind: fc.constantFrom('A', 'TXT', 'MX', 'NAPTR', 'DNAME'),
  ttl: fc.constantFrom(60, 300, 3600),
  values: fc.uniqueArray(fc.nat(5), { maxLength: 4 }),
})
const RDATA: Readonly<Record<string, (value: number) => string>> = {
  A: (value) => `192.0.2.${value}`,
  TXT: (value) => (value % 2 === 0 ? `"v${value}" "more"` : `"v${value} \\\\195 \\"q\\""`),
  MX: (value) => `${value} Mail${value % 2}.Example.NET.`,
  NAPTR: (value) => `${value} 10 "u" "sip" "!x!y!" .`,
  DNAME: () => 'elsewhere.example.',
}

onEachServer(
  'whatever is changed, in steps of any size,',
  (server) => {
    const commands = (
      zone: string,
      { label, kind, ttl, values }: typeof record extends fc.Arbitrary<infer R> ? R : never,
    ) => {
      const name = label === '@' ? zone : `${label}.${zone}`
      const chosen = kind === 'DNAME' ? values.slice(0, 1) : values
      return [
        `update delete ${name} ${kind}`,
        ...chosen.map((value) => `update add ${name} ${ttl} ${kind} ${RDATA[kind]?.(value)}`),
      ]
    }
    test('a copy and the changes since are what a whole transfer is', async () => {
      const zone = freshZone() as Name
      await server().addZone(zone, LARGE)
      proxy = await startProxy(server(), {})
      const [copied, whole] = await Promise.all([connectTo(proxy, { cache: folder }), connectTo(server())])
      await copied.read(zone, never)
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(record, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
          async (steps) => {
            const texts = steps.map((step) => step.flatMap((one) => commands(zone, one)).join('\n'))
            // What the server refuses (a DNAME above what is there) is no change.
            await server()
              .nsupdate(texts.join('\nsend\n'))
              .catch(() => '')
            expect(inOrder(await copied.read(zone, never))).toEqual(inOrder(await whole.read(zone, never)))
          },
        ),
        { numRuns: 25 },
      )
      expect(asked().filter((type) => type === AXFR)).toHaveLength(1)
      const versions = proxy.replies.map(
        (reply) => decodeMessage(reply).answers.filter(({ type }) => type === 6).length,
      )
      expect(Math.max(...versions)).toBeGreaterThan(4)
    })
  },
  ['bind', 'knot'],
)

test('a folder that cannot be made is told before anything is asked', async () => {
  await writeFile(join(folder, 'file'), '')
  const options = plugin.options({ host: '127.0.0.1', port: 1, cache: 'file/below' })
  await expect(plugin.connect(options, { directory: folder, zones: [] })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('file/below'),
  })
})
