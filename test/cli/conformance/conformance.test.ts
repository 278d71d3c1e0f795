import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { a, txt } from '../../../conformance/rrsets.js'
import type { Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { startBind } from '../../servers/bind.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { isOctodnsAvailable, missingOctodns, octodnsPython } from '../../servers/octodns.js'
import { type Lies, type OwnZones, ownAdapter } from '../own-adapter.js'
import { BUILT_CLI, type Ran, runMain, type Workspace, workspace } from '../workspace.js'

let space: Workspace | undefined
afterEach(async () => {
  await space?.remove()
  space = undefined
})

const ZONE = 'test.example.'
const NS: AnyRRset = { type: 'NS', name: ZONE as Name, ttl: 3600, rdata: ['ns.example.net.' as Name] }
const inTestExample = <T extends AnyRRset>(rrset: T): T =>
  ({ ...rrset, name: rrset.name.replace(/example\.com\.$/, ZONE) }) as T
const THEIRS = [txt('@', ['theirs'], 300), a('www', ['198.51.100.1'], 300)].map(inTestExample)

interface Report {
  readonly passed: number
  readonly failed: number
  readonly stopped?: string
  readonly cases: readonly { readonly title: string; readonly outcome: string; readonly reason?: string }[]
  readonly cleared: readonly string[]
  readonly left: readonly { readonly left: readonly string[]; readonly reason?: string }[]
}

/** An adapter of somebody in a folder, with what its zone holds. */
async function author(lies: Lies = {}, sets: readonly AnyRRset[] = [NS]): Promise<Workspace> {
  space = await workspace({ 'adapter.mjs': ownAdapter(lies), 'zones.json': JSON.stringify({ [ZONE]: sets }) })
  return space
}

function start(...args: string[]) {
  const line = ['conformance', './adapter.mjs', '--option', 'file=zones.json', '--zone', 'test.example', ...args]
  return spawn(process.execPath, [BUILT_CLI, ...line], { cwd: space?.directory, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(...args: string[]): Promise<Ran> {
  const child = start(...args)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number, stdout, stderr }
}

async function reported(...args: string[]): Promise<Report & { readonly code: number }> {
  const { code, stdout } = await run(...args, '--format', 'json')
  return { ...(JSON.parse(stdout) as Report), code }
}

async function held(): Promise<readonly AnyRRset[]> {
  return (JSON.parse((await space?.read('zones.json')) ?? '{}') as OwnZones)[ZONE] ?? []
}

describe('an adapter that does what it should', () => {
  test('passes, says what was left out and why, and leaves the zone as it was', async () => {
    await author()
    const { code, stdout, stderr } = await run('--quick')
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^own: \d+ conformance cases of mailsync [\d.]+\.\nIn test\.example\. what the suite calls example\.com\. is /,
    )
    expect(stdout).toMatch(/^passed {4}MX becomes null MX and back$/m)
    expect(stdout).toMatch(/^skipped {3}PTR below ip6\.arpa\n {10}no zone of this kind is named: --zone .*ip6\.arpa$/m)
    expect(stdout).toMatch(/^skipped {3}a zone of 301 names is read to its end\n {10}it takes hundreds of records/m)
    expect(stdout).toMatch(
      /\n\d+ passed, 0 failed, 0 rejected, \d+ skipped, of \d+ cases\.\nNothing of it is left in test\.example\.\n$/,
    )
    expect(code).toBe(0)
    expect(await held()).toEqual([NS])
  })

  test('is tried with a few of the cases where these are named', async () => {
    await author()
    const { code, cases } = await reported('--only', 'null MX', '--only', 'IPv6')
    expect(code).toBe(0)
    expect(cases.map(({ title }) => title)).toEqual(['IPv6 in any spelling', 'MX becomes null MX and back'])
    expect((await run('--only', 'no such case')).stderr).toContain('no case has "no such case" in its title')
    expect(await held()).toEqual([NS])
  })

  test('is told as one JSON document, and passes the cases of hundreds of records', async () => {
    await author()
    const { code, failed, cases, left } = await reported()
    expect({ code, failed, left }).toEqual({ code: 0, failed: 0, left: [] })
    expect(cases.find(({ title }) => title.startsWith('a zone of 301'))).toMatchObject({ outcome: 'passed' })
  })
})

describe('a zone that others use', () => {
  test('is refused by name, and not touched', async () => {
    await author({}, [NS, ...THEIRS])
    const { code, stdout, stderr } = await run()
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('test.example. is not empty: it holds test.example. TXT, www.test.example. A')
    expect(stderr).toContain('--beside-other-records')
    expect(await held()).toEqual([NS, ...THEIRS])
  })

  test('keeps their records where the run is below a label', async () => {
    const before = `async (call, number, zones) => {
      const names = Object.values(zones).flat().map(({ name }) => name)
      if (names.some((name) => !/^(www\\.)?test\\.example\\.$|mailsync-conformance-\\w{8}\\.test\\.example\\.$/.test(name))) process.exit(99)
    }`
    await author({ before }, [NS, ...THEIRS])
    expect(await reported('--quick', '--beside-other-records')).toMatchObject({ code: 0, failed: 0, left: [] })
    expect(await held()).toEqual([NS, ...THEIRS])
  })

  test('ends the run at once where an adapter damages them', async () => {
    const see =
      "(sets) => sets.map((set) => (set.name.startsWith('www.') && ++calls > 60 ? { ...set, ttl: 999 } : set))"
    await author({ see }, [NS, ...THEIRS])
    const { code, failed, stopped, cases } = await reported('--quick', '--beside-other-records')
    expect({ code, failed }).toEqual({ code: 1, failed: 1 })
    expect(stopped).toContain('www.test.example. A is not as it was before the run')
    expect(cases.at(-1)?.reason).toContain('www.test.example. A is not as it was before the run')
  })
})

describe('an adapter that lies', () => {
  test('fails with what was asked for and what came', async () => {
    await author({
      put: "(set) => (set.type === 'MX' ? { ...set, rdata: set.rdata.map((mx) => ({ ...mx, preference: mx.preference || 10 })) } : set)",
    })
    const { code, stdout } = await run('--quick')
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^FAILED {4}MX with preference 0\n {10}what is read back equals what was written\n.*\+ [^\n]*preference: 10.*- [^\n]*preference: 0/ms,
    )
    expect(stdout).toMatch(/, [2-9] failed, 0 rejected/)
    expect(await held()).toEqual([NS])
  })

  test('that throws what is no MailsyncError fails with where it threw', async () => {
    await author({
      see: "(sets) => { if (sets.some(({ type }) => type === 'AAAA')) throw new TypeError('no AAAA here'); return sets }",
    })
    const { code, cases } = await reported('--quick')
    expect(code).toBe(1)
    expect(cases.find(({ title }) => title === 'IPv6 in any spelling')?.reason).toMatch(
      /TypeError: no AAAA here\n.*adapter\.mjs/,
    )
  })

  test('shows no secret and no control characters in what it says', async () => {
    const docs = "optionDocs: [{ name: 'file' }, { name: 'token', secret: true, description: 'a key' }],"
    await author({
      facts: `${docs} rejects: (set) => (set.type === 'MX' ? 'sesame-open-1234 \\u001b[2Jgone' : undefined),`,
    })
    const { code, stdout } = await run('--quick', '--option', 'token=sesame-open-1234')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FAILED {4}MX with preference 0\n.*\*\*\* /m)
    expect(stdout).not.toContain('sesame-open-1234')
    expect(stdout).not.toContain('\u001b')
  })

  test('that sees nothing is not let at the zone', async () => {
    await author({ see: '() => []' }, [NS, ...THEIRS])
    const { code, stderr } = await run()
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /the adapter says that _run\.mailsync-conformance-\w{8}\.test\.example\. TXT is written, and does not read it/,
    )
    expect((await held()).slice(0, 3)).toEqual([NS, ...THEIRS])
  })

  test('that takes nothing away is told what is left', async () => {
    await author({
      before:
        "async (call) => { if (call === 'write' && globalThis.hasMark) return new Promise(() => setInterval(() => {}, 1000)); if (call === 'write') globalThis.hasMark = true }",
    })
    const { code, left, stopped } = await reported('--quick', '--timeout', '2')
    expect(code).toBe(1)
    expect(stopped).toBe('the adapter did not answer 2 times')
    expect(left).toMatchObject([{ left: [expect.stringContaining('_run.mailsync-conformance-')] }])
  })
})

describe('an adapter that rejects', () => {
  test('everything fails, with the RRset and its words', async () => {
    await author({ facts: "rejects: () => 'not today'," })
    const { code, failed, passed, cases } = await reported('--quick')
    expect(code).toBe(1)
    expect(failed).toBeGreaterThan(40)
    expect(passed).toBeLessThan(5)
    expect(cases.find(({ title }) => title === 'a TXT value of 1 octets')?.reason).toBe(
      'rejected, and no exception names it: t.example.com. TXT: "not today"',
    )
  })

  const noEmpty =
    "rejects: (set) => (set.type === 'TXT' && set.rdata.includes('') ? 'an empty TXT is refused' : undefined),"
  const TITLE = 'a TXT value of 0 octets'

  test('what it names itself is certified with that', async () => {
    await author({
      facts: `${noEmpty} exceptions: { rejects: { '${TITLE}': { 't.example.com. TXT': 'empty TXT' } } },`,
    })
    const { code, cases } = await reported('--quick')
    expect(code).toBe(0)
    expect(cases[0]).toEqual({
      title: TITLE,
      outcome: 'rejected',
      reason: 't.example.com. TXT: "an empty TXT is refused"',
    })
  })

  test('what the command line leaves out is told with the reason', async () => {
    await author({ facts: noEmpty })
    const { code, cases } = await reported('--quick', '--skip', `${TITLE}=the API refuses it`)
    expect(code).toBe(0)
    expect(cases[0]).toEqual({ title: TITLE, outcome: 'skipped', reason: 'the API refuses it' })
  })
})

describe('an adapter that hangs', () => {
  test('at once is named, and ends with an error', async () => {
    await author({ before: '() => new Promise(() => {})' })
    const { code, stderr } = await run()
    expect(code).toBe(1)
    expect(stderr).toContain('the adapter began "read" and never ended it')
  })

  test('with something that keeps it alive is not waited for longer than it may take', async () => {
    await author({ before: '() => new Promise(() => { setInterval(() => {}, 1000) })' })
    const { code, stderr } = await run('--timeout', '2')
    expect(code).toBe(1)
    expect(stderr).toContain('the adapter did not end "read" within 2 s')
  })

  test('in one case fails that case, and the others are tried', async () => {
    const hang = '() => { globalThis.hung = true; return new Promise(() => { setInterval(() => {}, 1000) }) }'
    await author({ before: `async (call, number) => { if (number === 20) await (${hang})() }` })
    const { code, failed, cases, stopped } = await reported('--quick', '--timeout', '2')
    expect({ code, failed, stopped }).toEqual({ code: 1, failed: 1, stopped: undefined })
    expect(cases.find(({ outcome }) => outcome === 'failed')?.reason).toMatch(
      /^timeout: the adapter did not end "(read|write)"/,
    )
    expect(await held()).toEqual([NS])
  })
})

describe('a run that is ended early', () => {
  test('by Ctrl-C takes its records away, and says what was not run', async () => {
    await author()
    const child = start('--quick')
    child.stdout.once('data', () => child.kill('SIGINT'))
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /Ended before the last \d+ cases: it was stopped\.\nNothing of it is left in test\.example\.\n$/,
    )
    expect(await held()).toEqual([NS])
  })

  test('by kill -9 leaves what the next run knows and takes away, at the apex too', async () => {
    const before = `async (call, number, zones) => {
      if (!process.env.KILL_AT) return
      if (Object.values(zones).flat().some(({ name, type }) => name === '${ZONE}' && type === 'TXT')) process.kill(process.pid, 'SIGKILL')
    }`
    await author({ before })
    process.env.KILL_AT = 'apex'
    const killed = start('--quick')
    delete process.env.KILL_AT
    await once(killed, 'exit')
    const left = (await held()).map(({ name, type }) => `${name} ${type}`)
    expect(left).toContain('test.example. TXT')
    expect(left.some((key) => key.startsWith('_run.mailsync-conformance-'))).toBe(true)
    const { code, cleared } = await reported('--quick')
    expect(code).toBe(0)
    expect([...cleared].sort()).toEqual(left.filter((key) => key !== 'test.example. NS').sort())
    expect(await held()).toEqual([NS])
  })
})

describe('a command line', () => {
  test.each([
    [['conformance', 'yaml'], 'no zone is named to try it at'],
    [['conformance', '--zone', 'test.example'], 'it is one adapter that is tried'],
    [['conformance', 'yaml', '--provider', 'p', '--zone', 'test.example'], 'it is one adapter that is tried'],
    [['conformance', 'yaml', '--zone', 'a..b'], 'two dots in a row'],
    [['conformance', 'yaml', '--zone', 'test.example', '--skip', 'x'], '--skip takes TITLE=REASON'],
    [['conformance', 'yaml', '--zone', 'test.example', '--timeout', '0'], '--timeout takes seconds'],
    [['conformance', 'yaml', '--zone', 'test.example'], 'the key "directory" is missing'],
    [['conformance', 'ymal', '--zone', 'test.example'], 'did you mean'],
  ])('%j is told what it lacks', async (args, words) => {
    const { code, stdout, stderr } = await runMain(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(words)
  })

  test('takes a provider of a spec, with its folder', async () => {
    space = await workspace({ 'mailsync.yaml': 'providers: { local: { class: yaml, directory: zones } }\n' })
    const { code, stdout } = await space.run([
      'conformance',
      '--provider',
      'local',
      '--zone',
      'test.example',
      '--quick',
    ])
    expect(stdout).toContain(', 0 failed, ')
    expect(code).toBe(0)
    expect((await space.read('zones/test.example.yaml')).trim()).toBe('---\n{}')
  })
})

describe.skipIf(!serverAvailable('bind'))(serverAvailable('bind') ? 'on BIND' : missingServer('bind'), () => {
  test('rfc2136 passes at a zone and at reverse zones, which are empty again', async () => {
    const zones = [ZONE, '2.0.192.in-addr.arpa.', '0/25.2.0.192.in-addr.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.']
    const server = await startBind({
      zones: Object.fromEntries(zones.map((zone) => [zone, []])),
      zoneSettings: 'check-integrity no;',
    })
    try {
      const { host, port, key } = server
      const options = { host, port, key_name: key.name, key_secret: 'env/SECRET', key_algorithm: key.algorithm }
      const { code, stdout, stderr } = await runMain(
        [
          'conformance',
          'rfc2136',
          ...zones.flatMap((zone) => ['--zone', zone]),
          ...Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]),
        ],
        { env: { SECRET: key.secret } },
      )
      expect(stderr).toBe('')
      expect(stdout).not.toContain('FAILED')
      expect(stdout).toContain(' 0 failed, 0 rejected, 7 skipped, ')
      expect(code).toBe(0)
      for (const zone of zones) {
        const transfer = await server.dig(
          '+tcp',
          '-y',
          `${key.algorithm}:${key.name}:${key.secret}`,
          '+noall',
          '+answer',
          zone,
          'AXFR',
        )
        expect(transfer.match(/\bIN\s+(?!SOA|NS\b)\S+/g)).toBe(null)
      }
    } finally {
      await server.stop()
    }
  })

  test.skipIf(!isOctodnsAvailable)(
    isOctodnsAvailable ? 'a class of octoDNS names what it cannot hold, and passes the rest' : missingOctodns(),
    async () => {
      const server = await startBind({ zones: { [ZONE]: [] }, zoneSettings: 'check-integrity no;' })
      try {
        const { host, port, key } = server
        const block = { class: 'octodns_bind.Rfc2136Provider', host, port, key_name: key.name, key_secret: key.secret }
        const provider = {
          class: 'octodns',
          python: octodnsPython,
          provider: { ...block, key_algorithm: key.algorithm },
        }
        space = await workspace({ 'mailsync.yaml': JSON.stringify({ providers: { engine: provider } }) })
        const only = ['borders', 'null MX', 'the apex TXT story'].flatMap((words) => ['--only', words])
        const { code, stdout } = await space.run(['conformance', '--provider', 'engine', '--zone', ZONE, ...only])
        expect(stdout).toContain('2 passed, 0 failed, 3 rejected, 0 skipped, of 5 cases.')
        expect(stdout).toMatch(
          /^rejected {2}TXT values of several strings .*\n.*would cut a TXT value into other strings"$/m,
        )
        expect(code).toBe(0)
      } finally {
        await server.stop()
      }
    },
  )
})
