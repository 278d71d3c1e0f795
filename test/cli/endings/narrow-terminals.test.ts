import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { afterEach, describe, expect, test } from 'vitest'
import { replyTo, startScriptedDns } from '../../servers/scripted-dns.js'
import { type Workspace, workspace } from '../workspace.js'

const SOA = {
  type: 'SOA',
  name: 'example.com',
  ttl: 60,
  data: { mname: 'a.example', rname: 'b.example', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 },
} as const

/** What is copied whole, alone in its line: a value for a panel or a piece of it, or a reverse name in a letter. */
const COPIED = /^(?:v=(?:spf1|DMARC1;|DKIM1;) .*|[A-Za-z0-9+/=]+|[0-9a-f.]+\.ip6\.arpa\.)$/

const NAME = /^[\w.-]+$/
const BEFORE_NAME = /(?:^ +to the name| PTR|already:)$/

const tooWide = (text: string, columns: number): string[] =>
  text
    .split('\n')
    .filter(
      (line, index, lines) =>
        stringWidth(line) > columns &&
        !COPIED.test(line) &&
        !(NAME.test(line) && BEFORE_NAME.test(lines[index - 1] ?? '')),
    )

const WIDTHS = [40, 60, 80, 200]

let made: Workspace | undefined
afterEach(async () => {
  await made?.remove()
  made = undefined
})

/** Runs the plan of an example on a terminal, and expects that nothing but what is copied is wider. */
async function expectFitting(example: Workspace, columns: number): Promise<void> {
  const { code, stdout, stderr } = await example.run(['plan', '--no-dns'], { columns })
  expect(code).toBe(0)
  expect(stdout).toMatch(/ to create|Nothing for mailsync to write/)
  expect(tooWide(stdout, columns)).toEqual([])
  expect(tooWide(stderr.replace(/\r[^\n]*/g, ''), columns)).toEqual([])
}

const specOf = (name: string): Promise<string> => readFile(join('examples', name, 'mailsync.yaml'), 'utf8')

test('no line of the plan of web-panel is wider than the terminal, but what is copied whole', async () => {
  const server = await startScriptedDns((query) => replyTo(query, { answers: query.type === 'SOA' ? [SOA] : [] }))
  try {
    const manual = `class: manual, servers: '${server.host}:${server.port}'`
    const panel = await workspace({ 'mailsync.yaml': (await specOf('web-panel')).replace('class: manual', manual) })
    made = panel
    await Promise.all(WIDTHS.map((columns) => expectFitting(panel, columns)))
  } finally {
    server.close()
  }
})

describe.each(WIDTHS)('on a terminal of %i columns', (columns) => {
  test.each(['home-server', 'nat-gateway', 'two-domains'])(
    'no line of the plan of %s is wider, but what is copied whole',
    async (name) => {
      made = await workspace({ 'mailsync.yaml': await specOf(name), 'zones/.keep': '' })
      await expectFitting(made, columns)
    },
  )

  test('Cyrillic and Korean names are whole in their first label, in both forms, and no line is wider', async () => {
    const host = 'почтовый-сервер-номер-один.почта.example'
    const ascii = 'xn------eddbodbb6ac5bmfbaide0acfmt8jte'
    made = await workspace({
      'zones/.keep': '',
      'mailsync.yaml': `
providers: { local: { class: yaml, directory: ./zones } }
zones: { 'почта.example.': { targets: [local] }, '메일.example.': { targets: [local] } }
hosts: { '${host}': { addresses: [192.0.2.10, '2001:db8:1:2:3:4:5:6'], reverse: manual } }
domains:
  메일.example: { mx: ['${host}'], dmarc: { policy: none, rua: [dmarc@메일.example] } }
`,
    })
    const { code, stdout, stderr } = await made.run(['plan', '--no-dns'], { columns })
    expect(code).toBe(0)
    expect(tooWide(stdout + stderr, columns)).toEqual([])
    const told = stdout.match(/xn------\S*/g) ?? []
    expect(told.length).toBeGreaterThan(6)
    expect(told.filter((name) => !name.startsWith(`${ascii}.`))).toEqual([])
    const joined = stdout.replace(/\s+/g, '').replaceAll(new RegExp(`${made.path('mailsync.yaml')}:\\d+`, 'g'), '')
    const name = `${ascii}.xn--80a1acny.example`
    for (const both of [
      '+xn--h32bq4v.example.(메일.example)MX',
      `MX360010${name}.(${host})`,
      '_dmarc.xn--h32bq4v.example.(_dmarc.메일.example)TXT',
      'rua=mailto:dmarc@xn--h32bq4v.example(메일.example)',
      's202611._domainkey.xn--h32bq4v.example.(s202611._domainkey.메일.example)rsa-2048',
      `Target${name}.(${host})`,
      `tothename${name}(inUnicode:${host})`,
    ])
      expect(joined).toContain(both)
  })
})
