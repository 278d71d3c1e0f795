import { describe, expect, test } from 'vitest'
import { relayNames, relays } from '../../../records/relays/index.js'
import { CASES, KEY } from '../../fixtures/relay-cases.js'
import { compiled, serving } from '../compile/compiled.js'

/** The records of a domain with these relays and nothing else. */
async function recordsOf(relays: string): Promise<string[]> {
  const { records } = await compiled(
    `${serving('example.com.')}domains:\n  example.com: { dmarc: false, relays: ${relays} }`,
  )
  return records().map((record) => record.replace(/^(\S+)\.example\.com\. /, '$1 ').replace(/^example\.com\. /, '@ '))
}

describe('a relay has the records of its documentation', () => {
  test.each(
    Object.entries(CASES).flatMap(([name, cases]) => cases.map(([told, ...records]) => ({ name, told, records }))),
  )('$name: $told', async ({ name, told, records }) => {
    expect((await recordsOf(`{ ${name}: ${told} }`)).sort()).toEqual([...records].sort())
  })

  test('and each that is known is tried here', () => {
    expect(Object.keys(CASES).sort()).toEqual([...relayNames].sort())
  })
})

describe('several relays of a domain', () => {
  test('are one SPF, with what is written there too, and each include once', async () => {
    const { records } = await compiled(`${serving('example.com.')}domains:
  example.com:
    dmarc: false
    spf: { include: [_spf.example.net, _spf.google.com], all: fail }
    relays: { google: { mx: false }, mailjet: { key: "${KEY}" } }`)
    expect(records('spf')).toEqual([
      'example.com. TXT v=spf1 include:_spf.example.net include:_spf.google.com include:spf.mailjet.com -all',
    ])
  })

  test('do not include what is flattened', async () => {
    const { records } = await compiled(`${serving('example.com.')}domains:
  example.com: { dmarc: false, spf: { flatten: [_spf.google.com] }, relays: { google: { mx: false } } }`)
    expect(records('spf')).toEqual(['example.com. TXT v=spf1 ~all'])
  })

  test('leave the MX to the one that receives', async () => {
    const { records } = await compiled(`${serving('example.com.')}domains:
  example.com: { dmarc: false, relays: { fastmail: {}, google: { mx: false } } }`)
    expect(records('MX')).toEqual([
      'example.com. MX 10 in1-smtp.messagingengine.com.',
      'example.com. MX 20 in2-smtp.messagingengine.com.',
    ])
  })
})

test('an mx of the domain is all its MX, whatever its relays receive', async () => {
  const { records } = await compiled(`${serving('example.com.')}domains:
  example.com: { dmarc: false, mx: [mail.example.net], relays: [google] }`)
  expect(records('MX')).toEqual(['example.com. MX 10 mail.example.net.'])
})

test('relays of the defaults are those of every domain that is not parked or wants none; a domain adds what is its own', async () => {
  const { records } = await compiled(`${serving('example.com.', 'example.net.')}
defaults: { dmarc: false, relays: { amazon-ses: { region: eu-west-1 } } }
domains:
  example.com: { relays: { amazon-ses: { tokens: [a, b, c], mail_from: bounce } } }
  example.net: { mail: none }
  www.example.net: { relays: false, spf: false }`)
  expect(records('MX')).toEqual([
    'bounce.example.com. MX 10 feedback-smtp.eu-west-1.amazonses.com.',
    'example.net. MX 0 .',
  ])
  expect(records('CNAME').map((record) => record.split(' ')[0])).toEqual([
    'a._domainkey.example.com.',
    'b._domainkey.example.com.',
    'c._domainkey.example.com.',
  ])
})

test('records of relays have a TTL of their own where one is told', async () => {
  const { zones } = await compiled(`${serving('example.com.')}domains:
  example.com:
    dmarc: false
    ttl: { default: 300, relay: 7200 }
    relays: { amazon-ses: { region: eu-west-1, tokens: [a, b, c], mail_from: bounce }, mandrill: { return_path: md } }`)
  const ttls = [...zones.values()].flat().map(({ rrset }) => `${rrset.name} ${rrset.type} ${rrset.ttl}`)
  expect(ttls).toContain('bounce.example.com. MX 7200')
  expect(ttls).toContain('bounce.example.com. TXT 7200')
  expect(ttls).toContain('md.example.com. CNAME 7200')
  expect(ttls).toContain('example.com. TXT 300')
})

describe('what is true of a relay is said:', () => {
  async function findings(relays: string, more = '') {
    const { findings } = await compiled(
      `${serving('example.com.')}domains:\n  example.com: { ${more} relays: ${relays} }`,
    )
    return findings
      .filter(({ rule }) => /relay|gmail|reject/.test(rule))
      .map(({ severity, rule, message, hint }) => `${severity} ${rule}: ${message}\n${hint}`)
  }

  test('SES without a MAIL FROM of the domain passes DMARC by DKIM alone', async () => {
    expect(await findings('{ amazon-ses: { tokens: [a, b, c] } }')).toEqual([
      expect.stringMatching(
        /^note relay-unaligned: Amazon SES for example\.com: without mail_from .* DMARC passes by DKIM alone/,
      ),
    ])
    expect(await findings('{ amazon-ses: { region: eu-west-1, tokens: [a, b, c], mail_from: m } }')).toEqual([])
  })

  test('one that signs with no key of the domain', async () => {
    expect(await findings('[google]')).toEqual([
      expect.stringMatching(
        /^note relay-unsigned: Google Workspace has no DKIM key of example\.com here.*\ntell key: `mailsync relays google`/,
      ),
    ])
    expect(await findings('[fastmail]')).toEqual([])
    expect(await findings('[daum]')).toEqual([])
  })

  test('a Gmail account passes for gmail.com, never for the domain', async () => {
    const [note, ...others] = await findings('[gmail-account]', 'dmarc: { policy: none },')
    expect(others).toEqual([])
    expect(note).toMatch(
      /^note gmail-account: .* passes SPF and DKIM for gmail\.com, never for example\.com: no record makes it pass DMARC/,
    )
  })

  test.each(['quarantine', 'reject'])(
    'and a policy of %s then loses all mail, unless something else signs',
    async (policy) => {
      const dmarc = `dmarc: { policy: ${policy} },`
      expect(await findings('[gmail-account]', dmarc)).toEqual([
        expect.stringMatching(`^warning gmail-account-fails-dmarc: example\\.com asks to ${policy} .* always fails`),
      ])
      expect(await findings('{ gmail-account: {}, fastmail: { mx: false } }', dmarc)).toEqual([
        expect.stringMatching(/^note gmail-account: /),
      ])
    },
  )

  test('keys of a relay sign, so that reject is no danger', async () => {
    expect(await findings('[fastmail]', 'dmarc: { policy: reject },')).toEqual([])
  })
})

test('every relay says where its facts are from, and every input what it is and where it is found', () => {
  for (const { documentation, asOf, inputs, name } of relays) {
    expect(
      documentation.every((url) => url.startsWith('https://')),
      name,
    ).toBe(true)
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
    for (const { what, where, looksLike, example, pattern } of Object.values(inputs)) {
      for (const text of [what, where, looksLike]) expect(text, name).not.toBe('')
      expect(example, name).toMatch(pattern)
    }
  }
})
