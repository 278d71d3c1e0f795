import { describe, expect, test } from 'vitest'
import type { Purpose } from '../../../records/families/mail-record.js'
import type { RRType } from '../../../records/rr/rdata.js'
import { mailEffects } from '../../../src/render/plan/mail-effects.js'
import { changeOf, editOf, zoneOf } from './plans.js'

function effect(purpose: Purpose, name: string, before: readonly string[], after: readonly string[]): string[] {
  const types: Partial<Record<Purpose, RRType>> = { mx: 'MX', host: 'A', ptr: 'PTR' }
  return mailEffects([zoneOf([changeOf([types[purpose] ?? 'TXT', name], editOf(purpose, [before, after]))])])
}

describe('what a plan does to mail is told in words', () => {
  test.each<[Purpose, string, string[], string[], string]>([
    ['mx', 'example.com.', [], ['10 a.example.', '20 b.example.'], 'Mail for example.com goes to a.example, b.example'],
    [
      'mx',
      'example.com.',
      ['10 a.example.'],
      ['10 b.example.'],
      'Mail for example.com goes to b.example instead of a.example',
    ],
    ['mx', 'example.com.', ['10 a.example.'], ['0 .'], 'example.com takes no mail'],
    ['mx', 'example.com.', ['10 a.example.'], [], 'example.com has no MX any more'],
    ['spf', 'example.com.', [], ['v=spf1 -all'], 'example.com now says who may send for it (SPF)'],
    ['spf', 'example.com.', ['v=spf1 a -all'], ['v=spf1 a mx -all'], 'Who may send for example.com (SPF): mx comes in'],
    ['spf', 'example.com.', ['v=spf1 a -all'], ['v=spf1 -all'], 'Who may send for example.com (SPF): a goes'],
    [
      'spf',
      'example.com.',
      ['v=spf1 a -all', 'v=spf1 -all'],
      ['v=spf1 -all'],
      'Who may send for example.com (SPF): v=spf1 -all in place of 2 values, of which none counted',
    ],
    ['spf', 'example.com.', ['v=spf1 -all'], [], 'example.com no longer says who may send for it (SPF)'],
    ['dkim', 's1._domainkey.example.com.', [], ['v=DKIM1; p=A'], 'The DKIM key s1 of example.com is published'],
    [
      'dkim',
      's1._domainkey.example.com.',
      ['v=DKIM1; p=A'],
      ['v=DKIM1; p=B'],
      'The DKIM key s1 of example.com is replaced',
    ],
    [
      'dkim',
      's1._domainkey.example.com.',
      ['v=DKIM1; p=A'],
      ['v=DKIM1; p='],
      'The DKIM key s1 of example.com is revoked',
    ],
    ['dkim', 's1._domainkey.example.com.', ['v=DKIM1; p=A'], [], 'The DKIM key s1 of example.com is taken away'],
    [
      'dkim',
      '*._domainkey.example.com.',
      [],
      ['v=DKIM1; p='],
      'No DKIM key of example.com is valid but the published ones',
    ],
    ['dmarc', '_dmarc.example.com.', [], ['v=DMARC1; p=reject'], 'DMARC begins for example.com, with p=reject'],
    [
      'dmarc',
      '_dmarc.example.com.',
      ['v=DMARC1; p=none'],
      ['v=DMARC1; p=reject'],
      'DMARC of example.com: p=reject instead of p=none',
    ],
    [
      'dmarc',
      '_dmarc.example.com.',
      ['v=DMARC1; p=none', 'v=DMARC1; p=reject'],
      ['v=DMARC1; p=reject'],
      'DMARC of example.com: v=DMARC1; p=reject in place of 2 values, of which none counted',
    ],
    ['dmarc', '_dmarc.example.com.', ['v=DMARC1; p=none'], [], 'example.com has no DMARC policy any more'],
    [
      'report',
      'a.example._report._dmarc.b.example.',
      [],
      ['v=DMARC1'],
      'DMARC reports about a.example are taken at b.example',
    ],
    ['host', 'mail.example.com.', [], ['192.0.2.1'], 'mail.example.com gets 192.0.2.1'],
    [
      'host',
      'mail.example.com.',
      ['192.0.2.1'],
      ['192.0.2.2'],
      'Addresses of mail.example.com: 192.0.2.2 instead of 192.0.2.1',
    ],
    ['host', 'mail.example.com.', ['192.0.2.1'], [], 'mail.example.com loses 192.0.2.1'],
    [
      'ptr',
      '1.2.0.192.in-addr.arpa.',
      [],
      ['mail.example.com.'],
      'The reverse name 1.2.0.192.in-addr.arpa leads to mail.example.com',
    ],
    ['ptr', '1.2.0.192.in-addr.arpa.', ['mail.example.com.'], [], 'The reverse name 1.2.0.192.in-addr.arpa goes'],
  ])('%s of %s: %j becomes %j', (purpose, name, before, after, sentence) => {
    expect(effect(purpose, name, before, after)).toEqual([sentence])
  })

  test('names are told as people write them', () => {
    expect(effect('mx', 'xn--bcher-kva.example.', [], ['0 .'])).toEqual(['bücher.example takes no mail'])
  })

  test('long lists and long keys are cut', () => {
    const terms = Array.from({ length: 9 }, (_, index) => `ip4:192.0.2.${index}`)
    expect(effect('spf', 'example.com.', ['v=spf1 -all'], [`v=spf1 ${terms.join(' ')} -all`])).toEqual([
      'Who may send for example.com (SPF): ip4:192.0.2.0, ip4:192.0.2.1, ip4:192.0.2.2, ip4:192.0.2.3 and 5 more come in',
    ])
    const policy = `v=DMARC1; p=none; rua=${'x'.repeat(300)}`
    expect(effect('dmarc', '_dmarc.example.com.', ['v=DMARC1; p=none'], [policy])[0]?.length).toBeLessThan(150)
  })

  test('many domains are counted, and one zone at two providers counts once', () => {
    const zone = zoneOf(
      Array.from({ length: 5 }, (_, index) => changeOf(['MX', `d${index}.example.`], editOf('mx', [[], ['0 .']]))),
    )
    expect(mailEffects([zone, { ...zone, provider: 'route53' }])).toEqual(['Where mail goes (MX): 5 records change'])
  })
})
