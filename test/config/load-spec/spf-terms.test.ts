import { describe, expect, test } from 'vitest'
import { compiled } from '../../records/compile/compiled.js'
import { problemsOf } from '../load.js'

const HEAD = `providers: { dns: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [dns] } }
`
const domain = (spf: string, defaults = '{}') =>
  `${HEAD}defaults: ${defaults}\ndomains:\n  example.com: { spf: ${spf}, dmarc: false }\n`

async function spfOf(spf: string, defaults?: string): Promise<string | undefined> {
  const [record = ''] = (await compiled(domain(spf, defaults))).records('spf')
  return record.replace('example.com. TXT ', '')
}

describe('an SPF of any terms (RFC 7208 §5, §6)', () => {
  test.each([
    [
      '{ addresses: [192.0.2.1], include: [_b.example.net, _a.example.net], terms: ["?include:_c.example.net", "a:www.example.net/24//64"] }',
      'v=spf1 ip4:192.0.2.1 ?include:_c.example.net a:www.example.net/24//64 include:_a.example.net include:_b.example.net ~all',
    ],
    [
      '{ terms: ["-ip4:192.0.2.9/32", "+ip4:192.0.2.7/24", ptr, mx], all: fail }',
      'v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 ptr mx -all',
    ],
    ['{ include: ["%{ir}.%{v}._spf.%{d2}"] }', 'v=spf1 include:%{ir}.%{v}._spf.%{d2} ~all'],
    ['{ terms: ["exists:%{i}._spf.example.net"] }', 'v=spf1 exists:%{i}._spf.example.net ~all'],
    ['{ redirect: _spf.example.net }', 'v=spf1 redirect=_spf.example.net'],
    ['{ redirect: "%{d}._spf.example.net." }', 'v=spf1 redirect=%{d}._spf.example.net'],
    ['{ addresses: [192.0.2.1], exp: why.example.com, all: fail }', 'v=spf1 ip4:192.0.2.1 -all exp=why.example.com'],
  ])('%s', async (spf, value) => {
    expect(await spfOf(spf)).toBe(value)
  })

  test.each([
    [
      '{ addresses: [192.0.2.1] }',
      '{ spf: { redirect: _spf.example.net } }',
      'v=spf1 ip4:192.0.2.1 redirect=_spf.example.net',
    ],
    ['{ addresses: [192.0.2.1], all: fail }', '{ spf: { redirect: _spf.example.net } }', 'v=spf1 ip4:192.0.2.1 -all'],
    ['{ redirect: _b.example.net }', '{ spf: { all: fail } }', 'v=spf1 redirect=_b.example.net'],
  ])('what a domain says itself counts before what the defaults say: %s, %s', async (spf, defaults, value) => {
    expect(await spfOf(spf, defaults)).toBe(value)
  })

  test.each([
    ['{ terms: [ipv4:192.0.2.1] }', 'spf-term: "ipv4:192.0.2.1": RFC 7208 knows no such term (RFC 7208 §4.6.1)'],
    ['{ terms: ["ip4:192.0.2.0/024"] }', 'spf-term: "ip4:192.0.2.0/024": /024 is no prefix length (RFC 7208 §5.6)'],
    ['{ terms: ["a mx"] }', 'spf-term: "a mx" is not one SPF term'],
    [
      '{ terms: [-all] }',
      'spf-two-all: a second all, "-all": an SPF has one, at its end, and it comes from the key all',
    ],
    ['{ terms: [redirect=_spf.example.net] }', 'spf-term: "redirect=_spf.example.net" has a key of its own'],
    ['{ terms: [x=1] }', 'spf-term: receivers ignore "x=1" (RFC 7208 §6)'],
    [
      '{ terms: ["?include:spf..example.net"] }',
      'spf-term: "?include:spf..example.net": "spf..example.net": there is an empty label, two dots in a row',
    ],
    [
      '{ terms: ["exists:%{z}.example.net"] }',
      'spf-term: "exists:%{z}.example.net": the macro %{z} cannot stand there (RFC 7208 §5.7)',
    ],
    [
      '{ include: ["%{c}.example.net"] }',
      'spf-macro: "%{c}.example.net": the macro %{c} cannot stand there (RFC 7208 §7.1)',
    ],
    ['{ redirect: 192.0.2.1 }', 'spf-include-address: '],
    [
      '{ redirect: _spf.example.net, all: fail }',
      'spf-redirect-all: redirect is ignored where there is all (RFC 7208 §6.1)',
    ],
    ['{ exp: localhost }', 'name: '],
  ])('%s is refused, with its place', async (spf, problem) => {
    const problems = await problemsOf(domain(spf))
    expect(problems).toEqual([expect.stringMatching(/^mailsync\.yaml:5:\d+ /)])
    expect(problems[0]).toContain(problem)
  })
})
