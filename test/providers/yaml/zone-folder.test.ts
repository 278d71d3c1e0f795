import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { a, ptr, txt } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import { plugin } from '../../../providers/yaml/index.js'
import type { Name } from '../../../records/rr/name.js'
import { type Change, isKnown } from '../../../records/rr/rrset.js'

const WWW = '---\nwww:\n  type: A\n  value: 192.0.2.1\n'
const addMail: Change = { kind: 'create', after: a('mail', ['192.0.2.10']) }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-yaml-'))
})
afterEach(() => rm(folder, { recursive: true }))

function connect(zones: readonly Name[] = [ZONE], options: object = { directory: 'zones' }): Promise<Provider> {
  return plugin.connect(plugin.options(options), { directory: folder, zones })
}

async function put(file: string, text: string | Uint8Array = WWW): Promise<string> {
  const path = join(folder, 'zones', file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}

describe('the zones of a folder', () => {
  test('are its files with at least two dots in their names, and those of RFC 2317 in a folder', async () => {
    const files = ['example.com.yaml', 'bücher.example.yaml', '0/25.2.0.192.in-addr.arpa.yaml']
    const others = [
      'production.yaml',
      'example.net.yml',
      '$example.org.yaml',
      '.example.org.yaml',
      'a.b.yaml/x',
      'deep/a.b.yaml',
    ]
    for (const file of [...files, ...others]) await put(file)
    expect(await (await connect()).zones(never)).toEqual([
      '0/25.2.0.192.in-addr.arpa.',
      'example.com.',
      'xn--bcher-kva.example.',
    ])
  })

  test('are none where there is no folder', async () => {
    expect(await (await connect()).zones(never)).toEqual([])
  })

  test('may be written with U-labels', async () => {
    const path = await put('bücher.example.yaml')
    const zone = 'xn--bcher-kva.example.' as Name
    const provider = await connect([zone])
    const after = { ...a('mail', ['192.0.2.10']), name: `mail.${zone}` as Name }
    expect(await provider.write(zone, [{ kind: 'create', after }], never)).toEqual({
      applied: [{ kind: 'create', after }],
    })
    expect(await readFile(path, 'utf8')).toContain('mail:')
    expect(await readdir(dirname(path))).toEqual(['bücher.example.yaml'])
  })

  test('are refused where U-labels and A-labels both have a file', async () => {
    await put('bücher.example.yaml')
    await put('xn--bcher-kva.example.yaml')
    await expect((await connect()).read('xn--bcher-kva.example.' as Name, never)).rejects.toThrow(/mean one zone/)
  })
})

describe('a declared zone without a file', () => {
  test('is empty, and its file and folder come with the first write', async () => {
    const provider = await connect()
    expect(await provider.read(ZONE, never)).toEqual([])
    expect(await readdir(folder)).toEqual([])
    expect((await provider.write(ZONE, [addMail], never)).failure).toBeUndefined()
    expect(await readFile(join(folder, 'zones/example.com.yaml'), 'utf8')).toBe(
      '---\nmail:\n  type: A\n  value: 192.0.2.10\n',
    )
  })

  test('of RFC 2317 is where octoDNS looks for it', async () => {
    const zone = '0/25.2.0.192.in-addr.arpa.' as Name
    const provider = await connect([zone])
    const after = ptr('10', zone, 'mail.example.com.')
    expect((await provider.write(zone, [{ kind: 'create', after }], never)).failure).toBeUndefined()
    expect(await readFile(join(folder, 'zones/0/25.2.0.192.in-addr.arpa.yaml'), 'utf8')).toContain("'10':")
    expect(await provider.zones(never)).toEqual([zone])
  })

  test('that is not declared is not found', async () => {
    const provider = await connect([])
    await expect(provider.read(ZONE, never)).rejects.toMatchObject({ code: 'zone-not-found' })
    expect(await provider.write(ZONE, [addMail], never)).toMatchObject({
      applied: [],
      failure: { code: 'zone-not-found' },
    })
    expect(await readdir(folder)).toEqual([])
  })
})

test('the last record leaves an empty zone, not an empty folder', async () => {
  const path = await put('example.com.yaml')
  await (await connect()).write(ZONE, [{ kind: 'delete', before: a('www', ['192.0.2.1']) }], never)
  expect(await readFile(path, 'utf8')).toBe('---\n{}\n')
})

describe('the file on disk', () => {
  test('keeps its mode, and the symbolic link to it', async () => {
    const real = join(folder, 'real.yaml')
    await writeFile(real, WWW)
    await chmod(real, 0o640)
    const link = await put('x').then((path) => join(dirname(path), 'example.com.yaml'))
    await symlink('../real.yaml', link)
    expect((await (await connect()).write(ZONE, [addMail], never)).failure).toBeUndefined()
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await readFile(real, 'utf8')).toContain('mail:')
    expect((await stat(real)).mode & 0o777).toBe(0o640)
  })

  test('is made behind a symbolic link that leads nowhere yet', async () => {
    const link = await put('x').then((path) => join(dirname(path), 'example.com.yaml'))
    await symlink('../real.yaml', link)
    expect((await (await connect()).write(ZONE, [addMail], never)).failure).toBeUndefined()
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await readFile(join(folder, 'real.yaml'), 'utf8')).toContain('mail:')
  })

  test('is not touched when nothing changes or nothing can be', async () => {
    const path = await put('example.com.yaml')
    await utimes(path, 1, 1)
    const provider = await connect()
    await provider.write(ZONE, [], never)
    await provider.write(ZONE, [{ kind: 'create', after: a('www', ['192.0.2.2']) }, addMail], never)
    expect((await stat(path)).mtimeMs).toBe(1000)
    expect(await readdir(dirname(path))).toEqual(['example.com.yaml'])
  })

  test('is left alone, and named with its place, when it holds no zone', async () => {
    const broken = `${WWW}mail: [\n`
    const path = await put('example.com.yaml', broken)
    const provider = await connect()
    const place = { file: path, line: 6, column: 1, zone: ZONE }
    await expect(provider.read(ZONE, never)).rejects.toMatchObject({ code: 'io', where: place })
    expect(await provider.write(ZONE, [addMail], never)).toMatchObject({
      applied: [],
      failure: { code: 'io', where: place },
    })
    expect(await readFile(path, 'utf8')).toBe(broken)
  })

  test('is refused when it is not UTF-8', async () => {
    await put('example.com.yaml', Uint8Array.of(0x61, 0x3a, 0xff))
    await expect((await connect()).read(ZONE, never)).rejects.toMatchObject({ code: 'io', message: /not UTF-8/ })
  })

  test('is refused when it is a folder', async () => {
    await put('example.com.yaml/x')
    expect(await (await connect()).write(ZONE, [addMail], never)).toMatchObject({
      failure: { code: 'io', hint: /folder/ },
    })
  })
})

test('a file where the folder has to be is named', async () => {
  await writeFile(join(folder, 'zones'), '')
  const provider = await connect()
  await expect(provider.zones(never)).rejects.toMatchObject({ code: 'io', hint: /folder/ })
  expect(await provider.write(ZONE, [addMail], never)).toMatchObject({ failure: { code: 'io', hint: /folder/ } })
})

test('a locked record is never written', async () => {
  const path = await put('example.com.yaml', 'mail:\n  type: A\n  dynamic: {}\n  value: 192.0.2.1\n')
  const [before] = (await (await connect()).read(ZONE, never)).filter(isKnown)
  const after = a('mail', ['192.0.2.10'])
  const result = await (await connect()).write(ZONE, before ? [{ kind: 'update', before, after }] : [], never)
  expect(result).toMatchObject({ applied: [], failure: { code: 'stale', message: /geo or dynamic/ } })
  expect(await readFile(path, 'utf8')).toContain('dynamic')
})

describe('two writers', () => {
  test('of one record: one wins, the other is told', async () => {
    await put('example.com.yaml', '---\nt:\n  type: TXT\n  value: start\n')
    const before = txt('t', ['start'])
    const results = await Promise.all(
      ['one', 'two', 'three'].map(async (value) =>
        (await connect()).write(ZONE, [{ kind: 'update', before, after: txt('t', [value]) }], never),
      ),
    )
    expect(results.map(({ failure }) => failure?.code).sort()).toEqual(['stale', 'stale', undefined])
    const winner = results.findIndex(({ failure }) => failure === undefined)
    expect(await (await connect()).read(ZONE, never)).toEqual([txt('t', [['one', 'two', 'three'][winner] as string])])
  })

  test('of different records: no change is lost', async () => {
    const labels = Array.from({ length: 12 }, (_, index) => `h${index}`)
    const results = await Promise.all(
      labels.map(async (label) =>
        (await connect()).write(ZONE, [{ kind: 'create', after: a(label, ['192.0.2.1']) }], never),
      ),
    )
    expect(results.flatMap(({ failure }) => failure ?? [])).toEqual([])
    expect((await (await connect()).read(ZONE, never)).map(({ name }) => name)).toEqual(
      labels.map((label) => `${label}.${ZONE}`).sort(),
    )
  })
})

describe('the lock of another run', () => {
  async function lock(claim: string): Promise<string> {
    const path = await put('example.com.yaml')
    const file = join(dirname(path), '.example.com.yaml.lock')
    await writeFile(file, claim)
    return file
  }

  test('that lives is waited for, until the user stops', async () => {
    const file = await lock(`${hostname()}\n${process.pid}\n0e-0\n`)
    const stop = new AbortController()
    const writing = (await connect()).write(ZONE, [addMail], stop.signal)
    stop.abort()
    expect(await writing).toMatchObject({ applied: [], failure: { code: 'cancelled' } })
    expect(await readFile(file, 'utf8')).toContain('0e-0')
  })

  test.each([
    ['that died on this machine', `${hostname()}\n${2 ** 30}\n0e-0\n`, Date.now()],
    ['that is too old to be true', 'elsewhere\n1\n0e-0\n', 0],
    ['that died before it could sign', '', 0],
  ])('%s is taken over', async (_, claim, when) => {
    const file = await lock(claim)
    await utimes(file, when / 1000, when / 1000)
    expect((await (await connect()).write(ZONE, [addMail], never)).failure).toBeUndefined()
    expect(await readdir(dirname(file))).toEqual(['example.com.yaml'])
  })
})

describe('options', () => {
  test('have octoDNS’s defaults, and an environment’s text counts as a number', () => {
    expect(plugin.options({ directory: 'z' })).toEqual({
      directory: 'z',
      default_ttl: 3600,
      enforce_order: true,
      escaped_semicolons: true,
    })
    expect(plugin.options({ directory: 'z', default_ttl: '60' }).default_ttl).toBe(60)
  })

  test('name everything that is wrong at once', () => {
    const wrong = (): unknown => plugin.options({ default_ttl: -1, split_extension: '.' })
    expect(wrong).toThrow(
      expect.objectContaining({
        issues: expect.arrayContaining([
          expect.objectContaining({ path: ['directory'] }),
          expect.objectContaining({ path: ['default_ttl'] }),
          expect.objectContaining({ path: [], keys: ['split_extension'] }),
        ]),
      }),
    )
  })

  test('decide the TTL of records without one, and how semicolons are written', async () => {
    const options = { directory: 'zones', default_ttl: 60, escaped_semicolons: false, enforce_order: false }
    const path = await put('example.com.yaml')
    const provider = await connect([ZONE], options)
    expect(await provider.read(ZONE, never)).toEqual([a('www', ['192.0.2.1'], 60)])
    await provider.write(ZONE, [{ kind: 'create', after: txt('a', ['v=X1; y'], 60) }], never)
    expect(await readFile(path, 'utf8')).toBe(`${WWW}a:\n  type: TXT\n  value: v=X1; y\n`)
  })
})

test('a check tells whether a zone can be written, and its name servers', async () => {
  const path = await put('example.com.yaml', "'':\n  type: NS\n  value: ns1.example.net.\n")
  const provider = await connect([ZONE, 'new.example.' as Name])
  expect(await provider.check?.(ZONE, never)).toMatchObject({ writable: 'yes', nameServers: ['ns1.example.net.'] })
  expect(await provider.check?.('new.example.' as Name, never)).toMatchObject({ writable: 'yes', nameServers: [] })
  await rm(path)
  await mkdir(path)
  await expect(provider.check?.(ZONE, never)).rejects.toMatchObject({ code: 'io' })
})

test('what a zone file cannot hold is told beforehand', () => {
  expect(plugin.rejects?.(txt('t', ['octet \udcff']))).toMatch(/UTF-8/)
  expect(plugin.rejects?.(txt('t', ['grüße 📬']))).toBeUndefined()
  expect(plugin.rejects?.({ ...a('t', ['192.0.2.1']), name: 'a\\.b.example.com.' as Name })).toMatch(/escaped/)
})

test('a TTL of more than 31 bits is 0, a mapped address is what it is, and both stay in the file', async () => {
  const odd = 'odd:\n  type: AAAA\n  ttl: 4294967295\n  value: ::ffff:c000:201\n'
  const path = await put('example.com.yaml', `---\n${odd}`)
  const provider = await connect()
  expect(await provider.read(ZONE, never)).toEqual([
    { type: 'AAAA', name: `odd.${ZONE}`, ttl: 0, rdata: ['::ffff:192.0.2.1'] },
  ])
  expect((await provider.write(ZONE, [addMail], never)).failure).toBeUndefined()
  expect(await readFile(path, 'utf8')).toContain(odd)
})
