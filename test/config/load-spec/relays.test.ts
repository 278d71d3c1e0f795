import { describe, expect, test } from 'vitest'
import { load, problemsOf } from '../load.js'

const around = (relays: string, more = '') => `
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
domains:
  example.com: { ${more}
    relays: ${relays} }`

describe('what has to be told of a relay is asked for by name, with what it looks like and where it is found', () => {
  test('all at once', async () => {
    expect(await problemsOf(around('{ amazon-ses: { mail_from: bounce }, sendgrid: {} }'))).toEqual([
      'mailsync.yaml:6:15 relay-missing: Amazon SES wants tokens: the tokens of Easy DKIM, 3 of them (letters and digits)\n  find them in Amazon SES console, Configuration, Identities, the domain, Authentication, DKIM: what stands before ._domainkey; an example is ili6d4enpump7gnt5rj6vp4ux4z4gbs5',
      'mailsync.yaml:6:15 relay-missing: Amazon SES wants region: the region of AWS that sends (a code of AWS)\n  find it in Amazon SES console, at the top right; an example is ap-northeast-2',
      expect.stringContaining('6:50 relay-missing: Twilio SendGrid wants target: '),
      expect.stringContaining('6:50 relay-missing: Twilio SendGrid wants return_path: '),
    ])
  })

  test('in a list of names too', async () => {
    expect(await problemsOf(around('[google, postmark]'))).toEqual([
      expect.stringContaining('6:22 relay-missing: Postmark wants selector: '),
      expect.stringContaining('6:22 relay-missing: Postmark wants key: '),
    ])
  })

  test('what differs by tenant is never derived: the server and the keys of Microsoft 365', async () => {
    expect(
      await problemsOf(
        around('{ microsoft: { selector1: selector1-example-com._domainkey.contoso.onmicrosoft.com } }'),
      ),
    ).toEqual([
      expect.stringContaining('relay-missing: Microsoft 365 wants selector2: '),
      expect.stringContaining('relay-missing: Microsoft 365 wants server: the server that receives for the domain'),
    ])
  })

  test('where there are two ways, the other is told', async () => {
    const [first] = await problemsOf(around('[mailgun]'))
    expect(first).toContain('or tell selector and key in its place, where it shows a TXT')
    expect(await problemsOf(around('{ mailgun: { selector: k1 } }'))).toEqual([
      expect.stringContaining('relay-missing: Mailgun wants key: '),
    ])
  })
})

describe('a value that cannot be one is refused with what it has to look like', () => {
  test.each([
    [
      'amazon-ses: { tokens: [a._domainkey.example.com, b, c] }',
      '"a._domainkey.example.com" does not look like it (letters and digits)',
    ],
    ['amazon-ses: { tokens: [a, b] }', 'tokens is the tokens of Easy DKIM, 3 of them; there are 2'],
    ['amazon-ses: { tokens: [a, b, a] }', '3 of them; "a" is there twice'],
    ['amazon-ses: { tokens: [a, b, c], region: seoul, mail_from: m }', '"seoul" does not look like it (a code of AWS)'],
    [
      'sendgrid: { target: sendgrid.net, return_path: em1 }',
      '"sendgrid.net" does not look like it (u, digits, .wl, digits, .sendgrid.net)',
    ],
    ['google: { key: MIIB }', '"MIIB" does not look like it (the whole value of the TXT record, with its p=)'],
    [
      'google: { key: "v=DKIM1; k=rsa; p=MIIB" }',
      'do not take this as a DKIM key: p= holds no RSA key (RFC 6376 §3.6.1)',
    ],
    ['zoho: { region: us }', '"us" does not look like it (com, eu, in, com.au or jp)'],
    ['microsoft: { server: mail.example.com }', '"mail.example.com" does not look like it'],
    ['proton: { token: x }', '"x" does not look like it'],
    ['mandrill: { return_path: "a b" }', '"a b" does not look like it (a name below the domain, without it)'],
  ])('%s', async (relay, message) => {
    const problems = await problemsOf(around(`{ ${relay} }`))
    expect(problems).toEqual([expect.stringContaining(message)])
    expect(problems[0]).toMatch(/^mailsync\.yaml:6:\d+ relay-value: .*\n {2}find (it|them) in .*; an example is /)
  })

  test('another kind', async () => {
    expect(await problemsOf(around('google'))).toEqual([
      'mailsync.yaml:6:13 spec-type: expected a list, a mapping or false, found text "google"\n  write it as a list: [google]',
    ])
    expect(await problemsOf(around('{ google: }'))).toEqual([
      expect.stringContaining('expected a mapping, found nothing\n  write google: {}'),
    ])
    expect(await problemsOf(around('{ google: { colour: red } }'))).toEqual([
      expect.stringContaining('unknown key "colour"\n  known here: key, selector, mx'),
    ])
    expect(await problemsOf(around('{ amazon-ses: { tokens: a } }'))).toEqual(
      [
        expect.stringContaining('expected a list, found text "a"\n  write it as a list: [a]'),
        expect.stringContaining('relay-missing: Amazon SES wants tokens'),
      ].slice(0, 1),
    )
  })
})

describe('names', () => {
  test.each([
    ['[gogle]', 'there is no relay "gogle"\n  did you mean google?'],
    ['{ gogle: {} }', 'unknown key "gogle"\n  did you mean google?'],
    ['[kakao]', 'there is no relay "kakao"\n  Daum Smartwork is called daum here'],
    ['{ ses: {} }', 'unknown key "ses"\n  Amazon SES is called amazon-ses here'],
    ['[gmail]', 'there is no relay "gmail"\n  Google Workspace is called google here'],
    ['[mandrill, google, mandrill]', 'relay-twice: mandrill is there twice'],
  ])('%s', async (relays, message) => {
    expect(await problemsOf(around(relays))).toEqual([expect.stringContaining(message)])
  })
})

describe('who receives', () => {
  test('two at once is an error', async () => {
    expect(await problemsOf(around('[google, fastmail]'))).toEqual([
      'mailsync.yaml:6:22 relay-mx-twice: both Google Workspace and Fastmail would receive, and mail would go to either of them\n  write mx: false in the one that only sends, as in fastmail: { mx: false }',
    ])
  })

  test('mx: true beside an mx that lacks the servers of the relay', async () => {
    const relays = '{ fastmail: { mx: true } }'
    expect(await problemsOf(around(relays, 'mx: [in1-smtp.messagingengine.com],'))).toEqual([
      expect.stringContaining(
        'relay-mx: Fastmail is to receive (mx: true), and the mx of the domain lacks in2-smtp.messagingengine.com',
      ),
    ])
    expect(await problemsOf(around(relays, 'mx: none,'))).toEqual([
      expect.stringContaining('and the mx of the domain is none'),
    ])
    expect(
      await problemsOf(around(relays, 'mx: [in1-smtp.messagingengine.com, in2-smtp.messagingengine.com],')),
    ).toEqual([])
  })

  test('a parked domain has no relays of its own', async () => {
    expect(await problemsOf(around('[google]', 'mail: none,'))).toEqual([
      expect.stringContaining(
        'parked-with-mail: relays cannot stand beside mail: none\n  remove relays, or mail: none',
      ),
    ])
  })
})

test('what is wrong in the defaults is told once, where it is written', async () => {
  const problems = await problemsOf(`
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
defaults: { relays: { amazon-ses: { region: seoul } } }
domains:
  a.example.com: { relays: { amazon-ses: { tokens: [a, b, c], mail_from: m } } }
  b.example.com: { relays: { amazon-ses: { tokens: [a, b, c], mail_from: m } } }`)
  expect(problems).toEqual([expect.stringMatching(/^mailsync\.yaml:4:45 relay-value: .*"seoul"/)])
})

test('records of a relay lead to its lines', async () => {
  const { spec, locate } = await load(`
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
domains:
  example.com:
    relays:
      amazon-ses:
        tokens: [a, b, c]
        region: eu-west-1
        mail_from: bounce`)
  const [domain, bounce] = spec?.domains ?? []
  expect(locate(domain?.heldKeys[0]?.from ?? [])).toMatchObject({ line: 8 })
  expect(locate(bounce?.from ?? [])).toMatchObject({ line: 10 })
})
