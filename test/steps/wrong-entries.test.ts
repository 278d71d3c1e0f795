import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import type { Plan } from '../../src/plan/plan.js'
import { type Workspace, workspace } from '../cli/workspace.js'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../servers/dns-server.js'
import { enter, type PrintedEntry, printedEntries } from './person.js'

const ZONE = 'example.com.' as Name
const REVERSE = '2.0.192.in-addr.arpa.' as Name
const STRANGERS = '@ 1800 TXT "google-site-verification=abc"\n@ 1800 TXT "MS=ms1"'

interface Slip {
  readonly what: string
  /** The entry that is made wrongly: its zone, and how it begins. */
  readonly at: readonly [host: string, type: string]
  readonly zone?: Name
  /** What becomes of it. */
  readonly slip: (entry: PrintedEntry) => Record<string, string>
  readonly rule: string
  /** What is printed. */
  readonly told: readonly string[]
}

const slips: readonly Slip[] = [
  {
    what: 'a value in quotation marks',
    at: ['@', 'TXT'],
    slip: ({ Value }) => ({ Value: `"${Value}"` }),
    rule: 'quotes',
    told: ['Change the value that begins "v=spf1; leave the 2 other values', 'without the quotation marks'],
  },
  {
    what: 'a semicolon behind a backslash, as in a zone file',
    at: ['_dmarc', 'TXT'],
    slip: ({ Value = '' }) => ({ Value: Value.replace(';', '\\;') }),
    rule: 'backslash',
    told: ['Old value v=DMARC1\\; p=none', 'enter the value without backslashes'],
  },
  {
    what: 'a blank where a line ended',
    at: ['@', 'TXT'],
    slip: ({ Value = '' }) => ({ Value: Value.replace('192.', '192. ') }),
    rule: 'blank',
    told: ['has a blank or a line break where none belongs'],
  },
  {
    what: 'a key with a blank inside a tag, where it breaks the record',
    at: ['s202611._domainkey', 'TXT'],
    slip: ({ Value = '' }) => ({ Value: Value.replace('k=rsa', 'k=r sa') }),
    rule: 'blank',
    told: ['has a blank or a line break where none belongs', 'copy the value in one piece'],
  },
  {
    what: 'a key that the panel cut, with a blank where its lines ended',
    at: ['s202611._domainkey', 'TXT'],
    slip: ({ Value = '' }) => ({ Value: Value.slice(0, 300).replace(/(.{255})/, '$1 ') }),
    rule: 'cut',
    told: ['ends too early, after 301 characters of 410 characters'],
  },
  {
    what: 'a key in two pieces with their quotation marks',
    at: ['s202611._domainkey', 'TXT'],
    slip: ({ Value = '' }) => ({ Value: `"${Value.slice(0, 255)}" "${Value.slice(255)}"` }),
    rule: 'split-quotes',
    told: ['has the quotation marks between its pieces in it'],
  },
  {
    what: 'a key that the panel cut',
    at: ['s202611._domainkey', 'TXT'],
    slip: ({ Value = '' }) => ({ Value: Value.slice(0, 255) }),
    rule: 'cut',
    told: ['ends too early, after 255 characters of 410 characters'],
  },
  {
    what: 'an address backwards',
    at: ['mail', 'A'],
    slip: () => ({ Value: '10.2.0.192' }),
    rule: 'reversed-address',
    told: ['Old value 10.2.0.192', 'the address at mail.example.com is written backwards'],
  },
  {
    what: 'a host with the name of the zone, which the panel adds again',
    at: ['mail', 'A'],
    slip: () => ({ Host: 'mail.example.com' }),
    rule: 'doubled-name',
    told: [
      'Old host  mail.example.com',
      'stands at mail.example.com.example.com: the panel adds example.com to the host',
    ],
  },
  {
    what: 'the name of the zone as the host of the zone itself',
    at: ['@', 'MX'],
    slip: () => ({ Host: 'example.com' }),
    rule: 'doubled-name',
    told: ['stands at example.com.example.com', 'enter "@" as its host'],
  },
  {
    what: 'a host with a dot at its end, taken for a part of the name',
    at: ['mail', 'A'],
    slip: () => ({ Host: 'mail.example.com\\.' }),
    rule: 'dot-in-name',
    told: ['took the dot at the end for a part of the name'],
  },
  {
    what: 'a host without its underscore',
    at: ['_dmarc', 'TXT'],
    slip: () => ({ Host: 'dmarc' }),
    rule: 'underscore-lost',
    told: ['stands at dmarc.example.com, without the underscore'],
  },
  {
    what: 'a key at its selector alone',
    at: ['s202611._domainkey', 'TXT'],
    slip: () => ({ Host: 's202611' }),
    rule: 'selector-alone',
    told: ['stands at s202611.example.com', 'enter "s202611._domainkey" as its host'],
  },
  {
    what: 'a target that the panel took for a name inside the zone',
    at: ['@', 'MX'],
    slip: ({ Value }) => ({ Value: `${Value}.example.com` }),
    rule: 'relative-target',
    told: ['has example.com twice', 'enter it with a dot at its end, mail.example.com.'],
  },
  {
    what: 'a target with its dot as a part of the name',
    at: ['@', 'MX'],
    slip: ({ Value }) => ({ Value: `${Value}\\..example.com` }),
    rule: 'dot-in-text',
    told: ['has the dot at the end of a name as a part of the name'],
  },
  {
    what: 'a priority inside the value',
    at: ['@', 'MX'],
    slip: ({ Value }) => ({ Value: `10\\032${Value}` }),
    rule: 'priority-in-value',
    told: ['begins with a priority', 'enter 10 in the field for the priority'],
  },
  {
    what: 'the host of a PTR forwards',
    at: ['10', 'PTR'],
    zone: REVERSE,
    slip: () => ({ Host: '192.0.2.10' }),
    rule: 'not-reversed',
    told: ['Old host  192.0.2.10', 'the address is written forwards', 'enter "10"'],
  },
]

if (!serverAvailable('bind')) {
  describe.skip(missingServer('bind'), () => test('skipped', () => {}))
} else {
  describe('a step that was done wrongly', () => {
    let server: DnsServer
    let place: Workspace
    beforeAll(async () => {
      server = await startBind({ zoneSettings: 'check-integrity no; check-names ignore;' })
    })
    afterAll(() => server?.stop())
    beforeEach(async () => {
      await server.addZone(ZONE, STRANGERS)
      await server.addZone(REVERSE)
      place = await workspace({ 'mailsync.yaml': specFor(server) })
      await place.run(['dkim', 'generate'])
    })
    afterEach(() => place.remove())

    const plan = async (): Promise<Plan> => JSON.parse((await place.run(['plan', '--format', 'json'])).stdout)
    const applyAll = async (...flags: string[]) => {
      const { stdout } = await place.run(['apply', '--yes', ...flags])
      return { stdout, entries: new Map([ZONE, REVERSE].map((zone) => [zone, entriesOf(stdout, zone)])) }
    }
    const follow = async (entries: ReadonlyMap<Name, readonly PrintedEntry[]>) => {
      for (const [zone, own] of entries) await enter(server, zone, own)
    }
    const assertDone = async () => {
      const { code, stdout } = await place.run(['plan', '--detailed-exitcode'])
      expect(stdout).toContain('Nothing to do: 2 zones are as the spec wants.')
      expect(code).toBe(0)
    }

    test.each(slips)('is recognised and put right: $what', async ({ at, zone = ZONE, slip, rule, told }) => {
      const { entries } = await applyAll()
      const isIt = (entry: PrintedEntry): boolean =>
        entry.Host === at[0] && entry.Type === at[1] && (at[1] !== 'TXT' || entry.Host !== '@' || isSpf(entry))
      expect(entries.get(zone)?.filter(isIt)).toHaveLength(1)
      const spoilt = (entries.get(zone) ?? []).map((entry) => (isIt(entry) ? { ...entry, ...slip(entry) } : entry))
      await follow(new Map([...entries, [zone, spoilt]]))

      const { manual } = await plan()
      expect(manual.map(({ remarks = [] }) => remarks.map((remark) => remark.rule))).toEqual([[rule]])
      const again = await applyAll()
      for (const text of told) expect(again.stdout).toContain(text)
      expect(again.stdout).toContain('1 step is yours.')

      await follow(again.entries)
      await assertDone()
    })

    test('is told where it made two SPFs of one', async () => {
      const { entries } = await applyAll()
      await follow(entries)
      await server.nsupdate(`zone ${ZONE}\nupdate add ${ZONE} 1800 TXT "v=spf1 mx -all"`)
      const again = await applyAll()
      expect(again.stdout).toContain('2 SPF values stand there, and receivers take none of several (RFC 7208 §4.5)')
      expect(again.entries.get(ZONE)).toMatchObject([
        { title: 'Delete this record; leave the 3 other values there as they are', Value: 'v=spf1 mx -all' },
      ])
      await follow(again.entries)
      await assertDone()
    })

    test('is none where a key has a blank inside: that is the same key (RFC 6376 §3.6.1), and a note says so', async () => {
      const { entries } = await applyAll()
      const spaced = (entries.get(ZONE) ?? []).map((entry) =>
        entry.Host?.endsWith('_domainkey') ? { ...entry, Value: entry.Value?.replace(/(.{255})/, '$1 ') ?? '' } : entry,
      )
      await follow(new Map([...entries, [ZONE, spaced]]))
      await assertDone()
      const { problems } = await plan()
      expect(problems.filter(({ rule }) => rule === 'dkim-key-spaced')).toMatchObject([
        {
          severity: 'note',
          where: { file: place.path('mailsync.yaml') },
          message: expect.stringMatching(/^the key at s202611\._domainkey\.example\.com\. has blanks inside.*same key/),
        },
      ])
    })

    test('leaves what a stranger has at a name like it', async () => {
      const { entries } = await applyAll()
      const others = (entries.get(ZONE) ?? []).filter(({ Host, Type }) => Host !== 'mail' || Type !== 'A')
      await follow(new Map([...entries, [ZONE, others]]))
      await server.nsupdate(`zone ${ZONE}\nupdate add mail.example.com.example.com. 300 A 192.0.2.77`)
      const { manual } = await plan()
      expect(manual).toMatchObject([{ entries: [{ do: 'add', host: 'mail', value: '192.0.2.10' }] }])
      expect(manual[0]).not.toHaveProperty('remarks')
    })
  })
}

function isSpf({ Value = '' }: PrintedEntry): boolean {
  return Value.startsWith('v=spf1')
}

/** The steps of one zone, of all that is printed. */
function entriesOf(text: string, zone: Name): PrintedEntry[] {
  const part = text.split(/^(?=\S+\. {2}panel )/m).find((section) => section.startsWith(zone))
  return printedEntries(part ?? '')
}

function specFor({ host, port }: DnsServer): string {
  return `providers:
  panel: { class: manual, servers: ['${host}:${port}'] }
zones:
  example.com.: { targets: [panel] }
  2.0.192.in-addr.arpa.: { targets: [panel] }
hosts:
  mail.example.com: { addresses: [192.0.2.10] }
domains:
  example.com: { mx: [mail.example.com], dkim: { algorithms: [rsa-2048] } }
`
}
