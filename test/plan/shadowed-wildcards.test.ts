import { expect, test } from 'vitest'
import { rrset } from '../records/zone-fixtures.js'
import { planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const HEAD = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
defaults: { dkim: false, spf: { addresses: [198.51.100.1] } }
`
const wildcard = '* 60 A 192.0.2.200'

async function shadowed(spec: string, ...held: string[]): Promise<string[]> {
  const plan = await planText(await worldOf({ one: { 'example.com.': held.map(rrset) } }), HEAD + spec)
  expect(plan.failures).toEqual([])
  return problemLines(plan).filter((line) => line.includes('wildcard-shadowed'))
}

const says = (place: string, name: string, types: string, at = '*.example.com') =>
  `mailsync.yaml:${place} wildcard-shadowed: ${name} has had the ${types} of ${at}, and will have none: a wildcard does not answer for a name that exists, or what is below it (RFC 4592) (example.com. one)`

test('a new name, for which a wildcard answered, is told once, however many records it gets', async () => {
  expect(await shadowed('domains: { news.example.com: { mx: none } }', wildcard)).toEqual([
    says('4:36', 'news.example.com', 'A'),
  ])
})

test('so is a name that only comes to exist because one below it does', async () => {
  const spec = 'domains: { a.news.example.com: { mx: none, dmarc: false } }'
  expect(await shadowed(spec, wildcard, '* 60 AAAA 2001:db8::1')).toEqual([
    says('4:38', 'a.news.example.com', 'A, AAAA'),
    says('4:38', 'news.example.com', 'A, AAAA'),
  ])
  expect(await shadowed('domains: { news.example.com: { spf: false } }', wildcard)).toHaveLength(1)
})

test('what the name gets itself is not lost', async () => {
  const host = (addresses: string) =>
    `hosts: { mail.example.com: { addresses: [${addresses}], reverse: false } }\ndomains: {}`
  expect(await shadowed(host('192.0.2.1'), wildcard)).toEqual([])
  expect(await shadowed(host('"2001:db8::1"'), wildcard)).toEqual([says('4:41', 'mail.example.com', 'A')])
})

test('a CNAME that the wildcard gave cannot stand beside what the name gets', async () => {
  const spec = 'domains: { a.news.example.com: { mx: none, dmarc: false } }'
  const held = [rrset('* 60 CNAME web.example.net.')]
  const { problems } = await planText(await worldOf({ one: { 'example.com.': held } }), HEAD + spec)
  const hints = problems.flatMap(({ rule, hint }) => (rule === 'wildcard-shadowed' ? [hint] : []))
  expect(hints).toEqual([
    'if a.news.example.com is in use for anything but mail, take another name: no CNAME can stand beside its records (RFC 1034 §3.6.2)',
    'if news.example.com is in use, give it CNAME of its own before you apply',
  ])
})

test.each([
  ['there is no wildcard', []],
  ['the wildcard is beside it', ['*.other 60 A 192.0.2.200']],
  ['the name exists', [wildcard, 'news 60 AAAA 2001:db8::1']],
  ['a name below it exists', [wildcard, 'www.news 60 A 192.0.2.1']],
])('nothing is said where %s', async (_, held) => {
  expect(await shadowed('domains: { news.example.com: { mx: none } }', ...held)).toEqual([])
})

test('nothing is said of names such as _dmarc, which have no use for what the wildcard says', async () => {
  expect(await shadowed('domains: { example.com: { mx: none } }', wildcard)).toEqual([])
})
