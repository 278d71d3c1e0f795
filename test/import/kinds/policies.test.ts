import { describe, expect, test } from 'vitest'
import { comments, imported } from '../imported.js'

const HEAD = `
$TTL 600
@ MX 10 mail
mail A 192.0.2.10
web A 192.0.2.20
`

/** The parts of the imported domain after its MX, what the plan would change, and what is said. */
async function taken(lines: string) {
  const { bare, changes, text } = await imported({ 'example.com.': HEAD + lines }, ['example.com.'])
  const parts = bare.match(/^ {4}(?:mta_sts|tls_rpt|bimi|ttl):.*$/gm) ?? []
  return { parts: parts.map((line) => line.trim()), changes, said: comments(text) }
}

describe('MTA-STS, TLS reports and BIMI of a zone become the spec that says them, and the plan changes nothing', () => {
  test.each([
    ['_mta-sts TXT "v=STSv1;id=20240101000000Z;x=1"', ['mta_sts: { id: 20240101000000Z }']],
    ['_mta-sts TXT "v=STSv1; id=1"\nmta-sts CNAME sts.example.net.', ["mta_sts: { id: '1', host: sts.example.net }"]],
    ['_mta-sts TXT "v=STSv1; id=1"\nmta-sts CNAME mail', ["mta_sts: { id: '1', host: { cname: mail.example.com } }"]],
    ['_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 192.0.2.10', ["mta_sts: { id: '1', host: mail.example.com }"]],
    [
      '_mta-sts 60 TXT "v=STSv1; id=1"\nmta-sts 120 CNAME web',
      ["mta_sts: { id: '1', host: web.example.com }", 'ttl: { mta_sts: 60, mta_sts_host: 120 }'],
    ],
    [
      '_smtp._tls TXT "v=TLSRPTv1;rua=mailto:A%21b@Example.com , https://r.example.net/t"',
      ['tls_rpt: { rua: [A%21b@example.com, https://r.example.net/t] }'],
    ],
    [
      '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com?subject=tls"',
      ["tls_rpt: { rua: ['mailto:a@example.com?subject=tls'] }"],
    ],
    [
      'default._bimi TXT "v=BIMI1; a=https://example.com/v.pem; l=https://example.com/l.svg; avp=brand"',
      ['bimi: { location: https://example.com/l.svg, authority: https://example.com/v.pem }'],
    ],
    ['default._bimi TXT "v=BIMI1; l=; a=;"', ['bimi: { location: none }']],
    [
      'xmas._bimi 60 TXT "v=BIMI1; l=https://example.com/l.svg"',
      ['bimi: { location: https://example.com/l.svg, selector: xmas }', 'ttl: { bimi: 60 }'],
    ],
  ])('%s', async (lines, expected) => {
    const { parts, changes } = await taken(lines)
    expect(parts).toEqual(expected)
    expect(changes).toEqual([])
  })

  test('where the policy is, which DNS does not show, is told', async () => {
    const { said } = await taken('_mta-sts TXT "v=STSv1; id=1"')
    expect(said).toContain(
      'The id of the policy at https://mta-sts.example.com/.well-known/mta-sts.txt, which DNS does not show. For one that this spec keeps, write in place of it: mode: testing, later enforce.',
    )
  })
})

describe('what a spec cannot say of them stays as it is, with the reason', () => {
  test.each([
    ['_mta-sts CNAME sts.example.net.', '_mta-sts.example.com is a CNAME of sts.example.net, and stays one.'],
    [
      '_mta-sts TXT "v=STSv1; id=1"\n_mta-sts TXT "v=STSv1; id=2"',
      '_mta-sts.example.com has several such values, so none of them counts.',
    ],
    [
      '_mta-sts TXT "v=STSv1; id=2024-01-01"',
      'id=2024-01-01: an id has 1 to 32 letters and digits, and nothing else (RFC 8461 §3.1)',
    ],
    ['mta-sts A 192.0.2.99', 'mta-sts.example.com stays as it is: A.'],
    [
      '_smtp._tls TXT "v=TLSRPTv1; rua=a@example.com"',
      'a@example.com in rua: it is no URI with , ! and ; percent-encoded (RFC 8460 §3)',
    ],
    [
      'default._bimi TXT "v=BIMI1; l=https://example.com/l.svg; avp=personal"',
      'BIMI stays as it is, because a spec cannot say avp=personal or lps=:',
    ],
    [
      'a._bimi TXT "v=BIMI1; l="\nb._bimi TXT "v=BIMI1; l="',
      'BIMI stays as it is, as a spec has one selector: a._bimi.example.com, b._bimi.example.com.',
    ],
  ])('%s', async (lines, why) => {
    const { parts, changes, said } = await taken(lines)
    expect(parts).toEqual([])
    expect(changes).toEqual([])
    expect(said).toContain(why)
  })

  test('a policy host with other addresses: only the host is left out', async () => {
    const { parts, changes, said } = await taken('_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 192.0.2.99')
    expect(parts).toEqual(["mta_sts: { id: '1' }"])
    expect(changes).toEqual([])
    expect(said).toContain('mta-sts.example.com stays as it is: A.')
  })
})
