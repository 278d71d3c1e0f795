import { afterEach, expect, test } from 'vitest'
import { type Workspace, workspace } from './workspace.js'

let space: Workspace | undefined
afterEach(() => space?.remove())

const SPEC = `providers: { dns: { class: yaml, directory: ./zones } }
zones: { example.com: { targets: [dns] }, example.net: { targets: [dns] } }
hosts: { www.example.com: { addresses: [203.0.114.7], publish: false, reverse: false, helo_spf: false } }
domains:
  example.com:
    spf: { hosts: [www.example.com], include: [_spf.example.com] }
    dkim: { algorithms: [], wildcard: revoked, keys: { s1: { cname: s1.relay.example } } }
    dmarc: { cname: _dmarc.policies.example }
  "*.example.com": { mx: [mx.example.org], spf: false }
  _spf.example.com: { spf: { addresses: [203.0.114.0/24], all: neutral } }
parked: !lines parked.txt
`
const FILES = {
  'mailsync.yaml': SPEC,
  'parked.txt': '# not used\nexample.net\n',
  'zones/example.com.yaml': '---\nwww:\n  ttl: 60\n  type: A\n  value: 203.0.114.7\n',
  'zones/example.net.yaml': '---\n',
}

test('the plan says of each where it comes from, be it a line of a list', async () => {
  space = await workspace(FILES)
  const { code, stdout: shown } = await space.run(['plan'])
  const stdout = shown.replaceAll(`${space.directory}/`, '')
  const rows = stdout.split('\n').filter((line) => /^ {2}[+~-]/.test(line))
  expect(code).toBe(0)
  expect(rows.map((row) => row.trim().replace(/ {2,}/g, '  '))).toEqual([
    '+ example.com.  TXT  3600  v=spf1 ip4:203.0.114.7  mailsync.yaml:6',
    '+ *.example.com.  MX  3600  10 mx.example.org.  mailsync.yaml:9',
    '+ _dmarc.example.com.  CNAME  3600  _dmarc.policies.example.  mailsync.yaml:8',
    '+ *._domainkey.example.com.  TXT  3600  v=DKIM1; p=  mailsync.yaml:7',
    '+ s1._domainkey.example.com.  CNAME  3600  s1.relay.example.  mailsync.yaml:7',
    '+ _spf.example.com.  TXT  3600  v=spf1 ip4:203.0.114.0/24 ?all  mailsync.yaml:10',
    '+ example.net.  MX  3600  0 .  parked.txt:2',
    '+ example.net.  TXT  3600  v=spf1 -all  parked.txt:2',
    '+ _dmarc.example.net.  TXT  3600  v=DMARC1; p=reject  parked.txt:2',
    '+ *._domainkey.example.net.  TXT  3600  v=DKIM1; p=  parked.txt:2',
  ])
  expect(stdout).toContain('wildcard-hidden')
})

test('what is applied is as wanted; what is not ours is never written, nor deleted', async () => {
  space = await workspace(FILES)
  expect((await space.run(['apply', '--yes'])).code).toBe(0)
  expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(0)
  expect(await space.read('zones/example.com.yaml')).toContain('ttl: 60\n  type: A\n  value: 203.0.114.7')
  await space.write('mailsync.yaml', SPEC.replace(/^hosts:.*\n/m, '').replace('hosts: [www.example.com], ', ''))
  expect((await space.run(['apply', '--yes'])).code).toBe(0)
  expect(await space.read('zones/example.com.yaml')).toContain('value: 203.0.114.7')
})

test('what is imported from there is the same spec, and its plan is empty', async () => {
  space = await workspace(FILES)
  expect((await space.run(['apply', '--yes'])).code).toBe(0)
  const zone = await space.read('zones/example.com.yaml')
  await space.write('zones/example.com.yaml', zone.replace(/_mailsync:\n(?: {2}.*\n)+/, ''))
  const { code, stdout } = await space.run([
    'import',
    'example.com',
    '--zone-file',
    space.path('zones/example.com.yaml'),
    '--out',
    space.path('new.yaml'),
  ])
  expect({ code, stdout }).toMatchObject({ code: 0 })
  const spec = await space.read('new.yaml')
  for (const line of [
    '    dkim: { keys: { s1: { cname: s1.relay.example } }, wildcard: revoked }',
    '    dmarc: { cname: _dmarc.policies.example }',
    "  '*.example.com':",
    '  _spf.example.com:',
  ])
    expect(spec).toContain(line)
  await space.write('mailsync.yaml', spec)
  expect((await space.run(['plan'])).stdout).not.toMatch(/^ {2}[+~-]/m)
})

test('compile needs nothing but the spec', async () => {
  space = await workspace(FILES)
  const { code, stdout } = await space.run(['compile', '--format', 'zone'])
  expect(code).toBe(0)
  expect(stdout).toContain('_dmarc.policies.example.')
  expect(stdout).not.toContain('203.0.114.7\n')
})
