import { readdir, readFile, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { type RecordParts, type ReportParts, reportXml } from '../../dmarc/reports/report-xml.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const spec = (dmarc: string, more = ''): string => `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
hosts:
  mail.example.com: { addresses: [192.0.2.10], reverse: false }
domains:
  example.com:
    mx: [mail.example.com]
    dkim: false
    dmarc: ${dmarc}
${more}`
const RAMP = '{ policy: reject, rua: [dmarc@example.com], ramp: { days: 3, messages: 20 } }'

let space: Workspace | undefined
afterEach(async () => {
  await space?.remove()
  space = undefined
})

/** Reports of some days of November 2026, one a day. */
function reports(
  days: readonly number[],
  records: readonly RecordParts[],
  parts: ReportParts = {},
): Record<string, string> {
  return Object.fromEntries(
    days.map((day) => {
      const begin = Date.UTC(2026, 10, day) / 1000
      const id = `${day}-${parts.policy ?? 'none'}`
      return [`reports/${id}.xml`, reportXml({ id, begin, end: begin + 86_399, records, ...parts })]
    }),
  )
}

const OURS: readonly RecordParts[] = [{ count: 50 }]
const FAILING: readonly RecordParts[] = [{ count: 50 }, { count: 2, dkim: 'fail', spf: 'fail' }]

async function begin(files: Readonly<Record<string, string>>, dmarc = RAMP): Promise<Workspace> {
  space = await workspace({ 'mailsync.yaml': spec(dmarc), ...files })
  return space
}

const rampOn = (day: number, ...args: string[]): Promise<Ran> =>
  (space as Workspace).run(['dmarc', 'ramp', ...args], { today: `2026-11-${day}` })
const reportsFolder = (): string => (space as Workspace).path('reports')

async function policy(): Promise<string | undefined> {
  const { stdout } = await (space as Workspace).run(['compile'])
  return /p=\w+/.exec(stdout)?.[0]
}

test('from none to reject, a step at a time, each on its own evidence', async () => {
  const { write, read } = await begin(reports([10, 11, 12], OURS))
  expect(await policy()).toBe('p=none')
  const first = await rampOn(13, reportsFolder())
  expect(first).toMatchObject({
    code: 0,
    stderr: '',
    stdout: [
      'example.com  none → quarantine  (3 days, 2026-11-10 to 2026-11-12: 150 messages, 0 % fail)',
      '1 step taken. Commit dmarc-ramp.json, then see what `mailsync plan` says.',
      '',
    ].join('\n'),
  })
  expect(await policy()).toBe('p=quarantine')
  expect(JSON.parse(await read('dmarc-ramp.json'))).toEqual({
    format: 'mailsync-dmarc-ramp',
    version: 1,
    domains: {
      'example.com': {
        stage: 'quarantine',
        since: '2026-11-13T12:00:00Z',
        evidence: { first: '2026-11-10', last: '2026-11-12', days: 3, messages: 150, failing: 0 },
      },
    },
  })
  const state = await read('dmarc-ramp.json')
  expect((await rampOn(13, reportsFolder())).stdout).toContain('waits: no report of late is about it')
  for (const [file, text] of Object.entries(reports([14, 15], OURS))) await write(file, text)
  expect((await rampOn(16, reportsFolder())).stdout).toContain('waits: reports still show p=none; apply the spec first')
  for (const [file, text] of Object.entries(reports([15, 16], OURS, { policy: 'quarantine' }))) await write(file, text)
  expect((await rampOn(17, reportsFolder())).stdout).toContain(
    'waits for more days with reports, until 2026-11-18 at the earliest',
  )
  expect(await read('dmarc-ramp.json')).toBe(state)
  for (const [file, text] of Object.entries(reports([17], OURS, { policy: 'quarantine' }))) await write(file, text)
  expect((await rampOn(18, reportsFolder())).stdout).toContain('quarantine → reject')
  expect(await policy()).toBe('p=reject')
  expect((await rampOn(19, reportsFolder())).stdout).toContain(
    'example.com  reject, where it was to go\nNo step is due.',
  )
})

test.each<[string, Record<string, string>, string]>([
  [
    'too much of ours fails',
    reports([10, 11, 12], FAILING),
    'waits: too much fails; `mailsync dmarc report` says what',
  ],
  ['too little mail', reports([10, 11, 12], [{ count: 6 }]), 'waits for more mail: this is too little to judge'],
  ['a day is missing', reports([10, 12], OURS), 'waits for more days with reports'],
  [
    'reports of a stranger’s domain',
    reports([10, 11, 12], OURS, { domain: 'example.org' }),
    'waits: no report of late',
  ],
  [
    'reports of next year',
    reports(
      [10, 11, 12].map((day) => day + 365),
      OURS,
    ),
    'waits: no report of late',
  ],
  [
    'only strangers’ mail',
    reports(
      [10, 11, 12],
      [{ ip: '203.0.113.5', count: 500, dkim: 'fail', spf: 'fail', envelope: 'spam.example fail' }],
    ),
    'waits for more mail',
  ],
])('no step: %s', async (_, files, why) => {
  await begin({ 'reports/none': '', ...files })
  const { code, stdout } = await rampOn(13, reportsFolder())
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(why) })
  expect(await readdir((space as Workspace).directory)).not.toContain('dmarc-ramp.json')
})

test('strangers that fail are what the policy is for, and keep nothing', async () => {
  const spoofed: RecordParts = {
    ip: '203.0.113.5',
    count: 5000,
    dkim: 'fail',
    spf: 'fail',
    envelope: 'spam.example fail',
  }
  await begin(reports([10, 11, 12], [...OURS, spoofed]))
  expect((await rampOn(13, reportsFolder())).stdout).toContain('none → quarantine')
})

test('a dry run says what is due, as JSON too, and changes nothing', async () => {
  const { directory } = await begin(reports([10, 11, 12], OURS))
  const text = await rampOn(13, reportsFolder(), '--dry-run')
  expect(text.stdout).toContain('1 step is due.')
  const json = await rampOn(13, reportsFolder(), '--dry-run', '--format', 'json')
  expect(JSON.parse(json.stdout)).toEqual({
    format: 'mailsync-dmarc-ramp',
    version: 1,
    dryRun: true,
    domains: [
      {
        domain: 'example.com',
        goal: 'reject',
        stage: 'none',
        result: 'step',
        to: 'quarantine',
        wait: null,
        evidence: { first: '2026-11-10', last: '2026-11-12', days: 3, messages: 150, failing: 0 },
      },
    ],
    faults: [],
  })
  expect((await readdir(directory)).sort()).toEqual(['mailsync.yaml', 'reports'])
})

test('back, a step at a time, without reports; and then evidence is wanted anew', async () => {
  await begin(reports([10, 11, 12], OURS))
  await rampOn(13, reportsFolder())
  expect((await rampOn(14, '--back', 'example.com')).stdout).toContain('quarantine → none  back, as you say')
  expect(await policy()).toBe('p=none')
  expect((await rampOn(14, reportsFolder())).stdout).toContain('waits: no report of late')
  expect(await rampOn(14, '--back', 'example.com')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('its policy is none already'),
  })
})

test('a report that cannot be read is told, and the exit code is 1; the step rests on the others', async () => {
  await begin({ ...reports([10, 11, 12], OURS), 'reports/x.xml': '<feedback>' })
  expect(await rampOn(13, reportsFolder())).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/none → quarantine.*\nNot read, so not counted:\n {2}.*x\.xml: /),
  })
})

test.each([
  ['half of it', (text: string) => text.slice(0, 150)],
  ['a stage by hand', (text: string) => text.replace('"quarantine"', '"reject!"')],
  ['nothing', () => ''],
])('a state that is damaged stops everything, and stays as it is: %s', async (_, damage) => {
  const { path, run } = await begin(reports([10, 11, 12], OURS))
  await rampOn(13, reportsFolder())
  const damaged = damage(await readFile(path('dmarc-ramp.json'), 'utf8'))
  await writeFile(path('dmarc-ramp.json'), damaged)
  for (const line of [['compile'], ['plan'], ['dmarc', 'ramp', path('reports')]]) {
    const { code, stderr } = await run(line)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('dmarc-ramp.json:1:1  error') })
  }
  expect(await readFile(path('dmarc-ramp.json'), 'utf8')).toBe(damaged)
})

test('two runs at once take one step', async () => {
  await begin(reports([10, 11, 12], OURS))
  const both = await Promise.all([rampOn(13, reportsFolder()), rampOn(13, reportsFolder())])
  expect(both.filter(({ stdout }) => stdout.includes('none → quarantine'))).toHaveLength(1)
  expect(await policy()).toBe('p=quarantine')
})

test('a domain that has no ramp any more is as its spec says, and forgotten at the next step', async () => {
  const { write, read } = await begin(reports([10, 11, 12], OURS))
  await write('mailsync.yaml', spec(RAMP, `  news.example.com: { dmarc: ${RAMP} }\n`))
  await rampOn(13, reportsFolder(), '--domain', 'example.com')
  await write(
    'mailsync.yaml',
    spec('{ policy: none, rua: [dmarc@example.com] }', `  news.example.com: { dmarc: ${RAMP} }\n`),
  )
  expect(await policy()).toBe('p=none')
  for (const [file, text] of Object.entries(reports([10, 11, 12], OURS, { domain: 'news.example.com', org: 'yahoo' })))
    await write(file, text)
  expect((await rampOn(13, reportsFolder())).stdout).toContain('news.example.com  none → quarantine')
  expect(Object.keys(JSON.parse(await read('dmarc-ramp.json')).domains)).toEqual(['news.example.com'])
})

test('a plan says which policies are on their way', async () => {
  const { run } = await begin({ 'zones/example.com.yaml': '{}\n' })
  expect((await run(['plan'])).stderr + (await run(['plan'])).stdout).toContain(
    'the DMARC policy of example.com is none, on its way to reject',
  )
})

test.each([
  ['no policy to reach', '{ rua: [a@example.com], ramp: {} }', 'a ramp leads to a policy, and the policy is none'],
  ['no reports', '{ policy: reject, ramp: {} }', 'without rua no report comes'],
  [
    'testing beside it',
    '{ policy: reject, testing: true, rua: [a@example.com], ramp: {} }',
    'testing weakens the policy',
  ],
  [
    'nowhere to go',
    '{ policy: quarantine, rua: [a@example.com], ramp: { from: quarantine } }',
    'the policy is quarantine from the beginning',
  ],
  ['all may fail', '{ policy: reject, rua: [a@example.com], ramp: { failing: 100% } }', 'is no share below 100%'],
  ['no days', '{ policy: reject, rua: [a@example.com], ramp: { days: 0 } }', 'expected 1 or more, found 0'],
  ['beside a cname', '{ cname: _dmarc.example.net, ramp: {} }', 'ramp cannot be said here'],
])('a ramp that cannot be: %s', async (_, dmarc, message) => {
  const { run } = await begin({}, dmarc)
  expect(await run(['compile'])).toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
})

test('the defaults may have a ramp: of parked domains, and of those without a policy, they say nothing', async () => {
  space = await workspace({
    'mailsync.yaml': `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
defaults: { dmarc: { policy: reject, rua: [dmarc@example.com], ramp: { from: quarantine } } }
domains:
  a.example.com: {}
  b.example.com: { dmarc: { policy: none } }
  c.example.com: { dmarc: { ramp: false } }
  d.example.com: { mail: none }
`,
  })
  const { stdout } = await space.run(['compile'])
  const found = [...stdout.matchAll(/_dmarc\.(\w).*?p=(\w+)/g)].map(([, name, value]) => `${name} ${value}`)
  expect(found).toEqual(['a quarantine', 'b none', 'c reject', 'd reject'])
})

test('domains without a ramp, and reports that are not named, are mistakes', async () => {
  await begin({}, '{ policy: reject }')
  expect(await rampOn(13, '--back', 'example.com')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('example.com has no ramp'),
  })
  expect(await rampOn(13)).toMatchObject({ code: 1, stderr: expect.stringContaining('the reports are missing') })
})
