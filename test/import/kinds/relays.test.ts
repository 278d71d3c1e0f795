import { describe, expect, test } from 'vitest'
import { CASES, KEY } from '../../fixtures/relay-cases.js'
import { compiled, serving } from '../../records/compile/compiled.js'
import { imported } from '../imported.js'

/** The records of a case as lines of a master file. */
function lines(records: readonly string[]): string {
  return records
    .map((record) => {
      const [name, type, ...value] = record.split(' ')
      return `${name} ${type} ${type === 'TXT' ? `"${value.join(' ')}"` : value.join(' ')}\n`
    })
    .join('')
}

/** A domain whose records are these, imported. */
function importedFrom(zone: string, ...more: string[]) {
  return imported(
    { 'example.com.': `_dmarc TXT "v=DMARC1; p=none"\n${zone}` },
    ['example.com', ...more].map((name) => `${name}.`),
  )
}

const known = Object.entries(CASES).flatMap(([name, cases]) =>
  name === 'gmail-account' ? [] : cases.map(([told, ...records]) => ({ name, told, records })),
)

describe('import knows a relay by its records, and names it where a spec then says just what is there', () => {
  test.each(known)('$name: $told', async ({ name, told, records }) => {
    const { bare, changes } = await importedFrom(lines(records))
    // A TXT key at a selector that anybody has is nobody's in particular.
    const isNobodys = name === 'brevo' && told.includes('key')
    const isCustom = name === 'google' && told.includes('selector')
    expect(bare.includes(`relays:`)).toBe(!isNobodys)
    if (!isNobodys) expect(bare).toContain(name)
    expect(bare.includes('keys:')).toBe(isNobodys || isCustom)
    expect(changes).toEqual([])
  })
})

describe('a relay is written', () => {
  test('by its name alone where nothing is to be told', async () => {
    const { bare } = await importedFrom(lines(CASES.fastmail?.[0]?.slice(1) ?? []))
    expect(bare).toContain('relays: [fastmail]')
    expect(bare).not.toMatch(/mx:|keys:|include:/)
  })

  test('with its tokens, and beside others', async () => {
    const { bare, changes } = await importedFrom(`@ MX 10 mail.example.net.
@ TXT "v=spf1 include:_spf.example.net include:_spf.google.com include:mailgun.org -all"
t1._domainkey CNAME t1.dkim.amazonses.com.
t2._domainkey CNAME t2.dkim.amazonses.com.
t3._domainkey CNAME t3.dkim.amazonses.com.
bounce MX 10 feedback-smtp.ap-northeast-2.amazonses.com.
bounce TXT "v=spf1 include:amazonses.com ~all"
google._domainkey TXT "${KEY}"
mail._domainkey TXT "${KEY}"
`)
    expect(changes).toEqual([])
    expect(bare).toContain('mx: [mail.example.net]')
    expect(bare).toContain('spf: { include: [_spf.example.net, mailgun.org], all: fail }')
    expect(bare).toMatch(/amazon-ses: \{ tokens: \[t1, t2, t3\], mail_from: bounce, region: ap-northeast-2 \}/)
    expect(bare).toMatch(/mail:\s+txt: /)
    expect(bare).not.toContain('t1.dkim')
  })

  test('with mx: false where it only sends', async () => {
    const { bare } = await importedFrom('@ TXT "v=spf1 include:_spf.google.com ~all"\n')
    expect(bare).toContain('relays: { google: { mx: false } }')
  })

  test('with a TTL of its own names', async () => {
    const { bare, changes } = await importedFrom(`@ TXT "v=spf1 -all"
@ MX 10 mail.example.net.
mte1._domainkey CNAME dkim1.mandrillapp.com.
mte2._domainkey CNAME dkim2.mandrillapp.com.
md 60 CNAME mandrillapp.com.
`)
    expect(bare).toContain('relays: { mandrill: { return_path: md } }')
    expect(bare).toContain('ttl: { relay: 60 }')
    expect(changes).toEqual([])
  })
})

test('a MAIL FROM with a TTL of its own is said by ttl.relay, and keys whose TTLs differ stay as they are written', async () => {
  const zone = `@ TXT "v=spf1 ~all"
a._domainkey CNAME a.dkim.amazonses.com.
b._domainkey CNAME b.dkim.amazonses.com.
c._domainkey CNAME c.dkim.amazonses.com.
bounce 60 MX 10 feedback-smtp.eu-west-1.amazonses.com.
bounce 60 TXT "v=spf1 include:amazonses.com ~all"
`
  const one = await importedFrom(zone)
  expect(one.bare).toContain('ttl: { relay: 60 }')
  expect(one.bare).toContain('amazon-ses:')
  expect(one.changes).toEqual([])
  const other = await importedFrom(zone.replace('b._domainkey', 'b._domainkey 120'))
  expect(other.bare).not.toContain('relays:')
  expect(other.changes).toEqual([])
})

describe('what is not wholly there stays as it is written', () => {
  test('two of three tokens, and the include says whose they are', async () => {
    const { bare, text, changes } = await importedFrom(`@ TXT "v=spf1 include:amazonses.com include:sendgrid.net ~all"
t1._domainkey CNAME t1.dkim.amazonses.com.
t2._domainkey CNAME t2.dkim.amazonses.com.
`)
    expect(bare).not.toContain('relays:')
    expect(bare).toContain('t1: { cname: t1.dkim.amazonses.com }')
    expect(bare).toContain('include: [amazonses.com, sendgrid.net]')
    expect(text).toContain('amazonses.com  Amazon SES: mailsync relays amazon-ses')
    expect(text).toContain('sendgrid.net  Twilio SendGrid: mailsync relays sendgrid')
    expect(changes).toEqual([])
  })

  test('tokens of two regions', async () => {
    const tokens = ['a', 'b', 'c', 'd', 'e', 'f']
      .map((t) => `${t}._domainkey CNAME ${t}.dkim.amazonses.com.\n`)
      .join('')
    const { bare, changes } = await importedFrom(`@ TXT "v=spf1 ~all"\n${tokens}`)
    expect(bare).not.toContain('relays:')
    expect(changes).toEqual([])
  })

  test('a relay whose SPF has no include of it', async () => {
    const { bare, changes } = await importedFrom(`@ TXT "v=spf1 ip4:192.0.2.1 ~all"
fm1._domainkey CNAME fm1.example.com.dkim.fmhosted.com.
fm2._domainkey CNAME fm2.example.com.dkim.fmhosted.com.
fm3._domainkey CNAME fm3.example.com.dkim.fmhosted.com.
`)
    expect(bare).not.toContain('relays:')
    expect(changes).toEqual([])
  })

  test('a MAIL FROM that is imported as a domain of its own', async () => {
    const { bare, changes } = await importedFrom(lines(CASES['amazon-ses']?.[0]?.slice(1) ?? []), 'bounce.example.com')
    expect(bare).toContain('bounce.example.com:')
    expect(bare).not.toContain('mail_from')
    expect(changes).toEqual([])
  })

  test('an SPF at the MAIL FROM that says more', async () => {
    const { bare, changes } = await importedFrom(`@ TXT "v=spf1 ~all"
resend._domainkey TXT "${KEY}"
send MX 10 feedback-smtp.eu-west-1.amazonses.com.
send TXT "v=spf1 include:amazonses.com -all"
`)
    expect(bare).not.toContain('relays:')
    expect(changes).toEqual([])
  })
})

test('what a spec makes of every relay, import makes of its records', async () => {
  const told = Object.entries(CASES)
    .filter(
      ([name]) =>
        ![
          'gmail-account',
          'google',
          'fastmail',
          'microsoft',
          'zoho',
          'proton',
          'migadu',
          'icloud',
          'naver-works',
          'daum',
        ].includes(name),
    )
    .map(([name, [one]]) => `${name}: ${one?.[0]}`)
  const { records } = await compiled(
    `${serving('example.com.')}domains:\n  example.com:\n    dmarc: { policy: none }\n    relays:\n      ${told.join('\n      ')}`,
  )
  const zone = records()
    .map((record) => record.replace(/ TXT (.*)$/, ' TXT "$1"'))
    .join('\n')
  const { bare, changes } = await imported({ 'example.com.': `${zone}\n` }, ['example.com.'])
  expect(changes).toEqual([])
  for (const one of told) expect(bare).toContain(one.split(':')[0])
  expect(bare).not.toContain('keys:')
})
