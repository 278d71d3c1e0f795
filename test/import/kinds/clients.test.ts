import { expect, test } from 'vitest'
import { rrset } from '../../records/zone-fixtures.js'
import { comments, imported } from '../imported.js'

const MAIL = ['@ 3600 MX 10 mail.example.com.', '_dmarc 3600 TXT v=DMARC1; p=reject', 'mail 3600 A 192.0.2.10']
const taken = (...texts: string[]) => imported({ 'example.com.': [...MAIL, ...texts].map(rrset) }, ['example.com.'])

test('SRV, autoconfig and autodiscover are taken up', async () => {
  const { bare, changes, plan } = await taken(
    '_imaps._tcp 3600 SRV 0 1 993 mail.example.com.',
    '_submissions._tcp 3600 SRV 0 1 465 mail.example.com.',
    '_submission._tcp 3600 SRV 0 1 587 mail.example.com. | 10 1 587 relay.example.net.',
    '_imap._tcp 3600 SRV 0 0 0 .',
    '_pop3._tcp 3600 SRV 0 0 0 .',
    'autoconfig 3600 CNAME mail.example.com.',
    'autodiscover 3600 CNAME web.example.net.',
    '_autodiscover._tcp 3600 SRV 0 0 443 web.example.net.',
  )
  expect(bare).toContain(`
    clients:
      host: mail.example.com
      services:
        - submissions
        - imaps
        - submission
        - { service: submission, host: relay.example.net, priority: 10 }
      not_offered: [imap, pop3]
      autoconfig: true
      autodiscover: { cname: web.example.net, srv: web.example.net }
      pacc: false`)
  expect(changes).toEqual([])
  expect(plan.zones[0]?.claimed.filter(({ purpose }) => purpose === 'clients')).toHaveLength(8)
})

test('Microsoft 365: only autodiscover', async () => {
  const { bare, changes, text } = await taken('autodiscover 3600 CNAME autodiscover.outlook.com.')
  expect(bare).toContain('    clients: { autodiscover: { cname: autodiscover.outlook.com } }')
  expect(comments(text)).not.toContain('autodiscover CNAME')
  expect(changes).toEqual([])
})

test('autodiscover by SRV with a weight or at another port', async () => {
  const { bare, changes } = await taken('_autodiscover._tcp 3600 SRV 10 1 8443 web.example.net.')
  expect(bare).toContain(
    '    clients: { autodiscover: { srv: { host: web.example.net, port: 8443, priority: 10, weight: 1 } } }',
  )
  expect(changes).toEqual([])
})

test('PACC that vouches for another document is left to itself', async () => {
  const records = [
    '_imaps._tcp 3600 SRV 0 1 993 mail.example.com.',
    '_imap._tcp 3600 SRV 0 0 0 .',
    '_pop3._tcp 3600 SRV 0 0 0 .',
    '_pop3s._tcp 3600 SRV 0 0 0 .',
    'autoconfig 3600 CNAME mail.example.com.',
    'autodiscover 3600 CNAME mail.example.com.',
    'ua-auto-config 3600 CNAME mail.example.com.',
  ]
  const { bare, changes } = await taken(...records, '_ua-auto-config 3600 TXT v=UAAC1; a=sha256; d=another')
  expect(bare).toContain('pacc: false')
  expect(changes).toEqual([])
})

test('what a spec cannot say stays as it is', async () => {
  const { bare, changes } = await taken(
    '_imaps._tcp 3600 SRV 0 1 993 mail.example.com. | 0 1 0 .',
    '_autodiscover._tcp 3600 SRV 0 0 443 web.example.net. | 10 0 443 web2.example.net.',
    'autoconfig 3600 A 192.0.2.80',
  )
  expect(bare).not.toContain('clients')
  expect(changes).toEqual([])
})
