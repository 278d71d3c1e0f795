import { expect, test } from 'vitest'
import { SpecErrors } from '../../../src/problem.js'
import { openSession } from '../../../src/session.js'
import { problemsOf, told } from '../load.js'

const FOLDER = 'test/fixtures/every-mistake/'

test('a file with every mistake gets every error at once, each once, and none that only follows from another', async () => {
  const error = await openSession({ file: `${FOLDER}mailsync.yaml`, env: {}, online: false }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(SpecErrors)
  const lines = (error as SpecErrors).problems.map((problem) => told({ ...problem, hint: '' }).trim())
  expect(lines.map((line) => line.replaceAll('\\', '/').replace(FOLDER, ''))).toEqual([
    'hosts.yaml:2:15 spec-type: expected text, found a mapping',
    'hosts.yaml:2:19 address: "123.456.789.987" is not an IPv4 address: 456 is over 255',
    'hosts.yaml:2:36 address-reversed: "10.2.0.192.in-addr.arpa" is a reverse name, not an address',
    'hosts.yaml:3:1 name-twice: MAIL.example.com. is the same name as mail.example.com',
    'hosts.yaml:4:32 address-private: 10.0.0.25 is a private address: it can have no public PTR, and receivers never see it',
    'hosts.yaml:5:1 host-without-address: the host has neither addresses nor egress',
    'hosts.yaml:6:1 name: "no_host.example.com": a host name has letters, digits and hyphens only (RFC 1123 §2.1); "no_host" has more',
    'hosts.yaml:6:24 spec-unknown-key: unknown key "adresses"',
    'mailsync.yaml:3:3 spec-missing-key: the key "class" is missing',
    'mailsync.yaml:6:33 unknown-provider: "bnid" is no provider of this spec',
    'mailsync.yaml:7:3 name-twice: example.com. is the same name as example.com',
    'mailsync.yaml:8:3 spec-missing-key: the key "targets" is missing',
    'mailsync.yaml:9:14 spec-unknown-key: unknown key "ownr"',
    'mailsync.yaml:11:20 name: "not a name" has white space in it',
    'mailsync.yaml:12:18 report-address: "nobody" is no mail address',
    'mailsync.yaml:12:27 spec-unknown-key: unknown key "pct"',
    'mailsync.yaml:16:10 mx-is-address: an MX is the name of a host, never an address (RFC 5321 §5.1): 192.0.2.10',
    'mailsync.yaml:16:40 spec-missing-key: the key "host" is missing',
    'mailsync.yaml:16:42 spec-unknown-key: unknown key "hots"',
    'mailsync.yaml:17:22 spf-two-all: a second all, "?all": an SPF has one, at its end, and it comes from the key all',
    'mailsync.yaml:17:39 unknown-host: mial.example.com is no host of this spec',
    'mailsync.yaml:17:58 spec-unknown-key: unknown key "al"',
    'mailsync.yaml:18:22 spec-value: expected none, quarantine or reject, found "rejekt"',
    'mailsync.yaml:18:36 report-address: https://example.com/report is no mail address: reports are sent by mail only (RFC 9990)',
    'mailsync.yaml:19:3 domain-outside-zones: example.org is in no zone of this spec',
    'mailsync.yaml:19:22 spec-type: expected none or a list, found text "mail.example.com"',
    'mailsync.yaml:20:38 spec-value: expected none, found "parked"',
    'mailsync.yaml:21:3 name-twice: bücher.example.com is the same name as xn--bcher-kva.example.com',
    'mailsync.yaml:21:37 parked-with-mail: mx cannot stand beside mail: none',
  ])
})

test('a service that is none is told once, and what else is wrong beside it', async () => {
  const problems = await problemsOf(`
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.1] } }
domains: { example.com: { clients: { host: mail.example.com, services: [impas, { service: sieve }], web: "no name" } } }`)
  expect(problems).toEqual([
    expect.stringMatching(/^mailsync.yaml:5:\d+ spec-type: expected submissions, .* found text "impas"/),
    expect.stringContaining('no name'),
  ])
})
