import { expect, test } from 'vitest'
import { problemsOf } from './load.js'

const spec = (clients: string) => `providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
domains:
  example.com:
    clients: ${clients}
`
const AT = 'mailsync.yaml:5:'

test.each([
  [
    '{ services: [imaps] }',
    [`${AT}27 clients-without-host: it is not said which host offers imaps\n  write host: beside services`],
  ],
  [
    '{ autoconfig: true }',
    [`${AT}28 clients-without-host: it is not said which host autoconfig leads to\n  write web: HOST`],
  ],
  [
    '{ host: mail.example.com, services: [imaps, imaps], not_offered: [imaps] }',
    [
      `${AT}58 clients-service-twice: imaps is listed twice for this host\n  remove one of the two`,
      `${AT}80 clients-offered-and-not: imaps is among services, too\n  remove one of the two`,
    ],
  ],
  [
    '{ host: mail.example.com, services: [imap], pacc: true }',
    [
      `${AT}64 clients-pacc-cannot-say: PACC knows JMAP, and IMAP with TLS at port 993; neither is offered (draft-ietf-mailmaint-pacc-04)\n  offer imaps, or remove pacc`,
    ],
  ],
])('%s', async (clients, problems) => {
  expect(await problemsOf(spec(clients))).toEqual(problems)
})

test('a service that there is none of is named with those there are', async () => {
  const [problem] = await problemsOf(spec('{ host: mail.example.com, services: [imapz] }'))
  expect(problem).toMatch(/mailsync\.yaml:5:\d+ .*imaps/s)
})

test('a parked domain has no mailboxes', async () => {
  const parked = spec('{ host: mail.example.com, services: [imaps] }').replace('clients:', 'mail: none\n    clients:')
  expect(await problemsOf(parked)).toEqual([
    expect.stringContaining('parked-with-mail: clients cannot stand beside mail: none'),
  ])
})
