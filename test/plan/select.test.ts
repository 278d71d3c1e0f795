import { describe, expect, test } from 'vitest'
import { afterOf } from '../../records/rr/rrset.js'
import { rrset } from '../records/zone-fixtures.js'
import { planned, planText } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] }, bücher.example: { targets: [one] }, 2.0.192.in-addr.arpa: { targets: [one] } }
hosts:
  mail.example.com: { addresses: [192.0.2.1], helo_spf: false }
  nat.example.com: { addresses: [192.0.2.2], helo_spf: false }
domains:
  example.com: { mx: [mail.example.com], dkim: { algorithms: [ed25519] }, dmarc: false }
  bücher.example: { spf: { hosts: [nat.example.com] }, dkim: { algorithms: [ed25519] }, dmarc: { rua: [d@example.com] } }
  news.example.com: { mx: none, spf: false, dmarc: false }
`
const owned = [rrset('old 60 A 192.0.2.3'), rrset('_mailsync 3600 TXT v=mailsync1; owner=default; host.A=old')]
const world = () =>
  worldOf({ one: { 'example.com.': owned, 'xn--bcher-kva.example.': [], '2.0.192.in-addr.arpa.': [] } })

describe('--zone', () => {
  test('limits a run to that zone, in which everything is done', async () => {
    const plan = await planText(await world(), SPEC, { zone: ['Example.com'] })
    expect(plan.zones.map(({ zone }) => zone)).toEqual(['example.com.'])
    expect(planned(plan)).toContain('one: - old.example.com. A')
    expect(plan.zones[0]).toMatchObject({ owned: 1, removed: 1 })
  })

  test('takes a name in Unicode', async () => {
    const plan = await planText(await world(), SPEC, { zone: ['bücher.example.'] })
    expect(plan.zones.map(({ zone }) => zone)).toEqual(['xn--bcher-kva.example.'])
  })

  test.each([
    ['exmaple.com', 'did you mean example.com?'],
    ['elsewhere.org', 'known here: example.com, bücher.example, 2.0.192.in-addr.arpa'],
  ])('%s, which the spec does not have, is told with what it has', async (zone, hint) => {
    await expect(planText(await world(), SPEC, { zone: [zone] })).rejects.toMatchObject({
      code: 'usage',
      message: `--zone ${zone}: there is no such zone in the spec`,
      hint,
    })
  })
})

describe('--domain', () => {
  test('limits a run to its records and those of the hosts it names, in every zone', async () => {
    const plan = await planText(await world(), SPEC, { domain: ['bücher.example'] })
    expect(planned(plan)).toEqual([
      'one: + 2.2.0.192.in-addr.arpa. PTR 3600 nat.example.com.',
      'one: + xn--bcher-kva.example._report._dmarc.example.com. TXT 3600 v=DMARC1;',
      'one: + nat.example.com. A 3600 192.0.2.2',
      'one: + xn--bcher-kva.example. TXT 3600 v=spf1 ip4:192.0.2.2 ~all',
      'one: + _dmarc.xn--bcher-kva.example. TXT 3600 v=DMARC1; p=none; rua=mailto:d@example.com',
    ])
  })

  test('deletes nothing, and what is owned stays owned', async () => {
    const plan = await planText(await world(), SPEC, { domain: ['example.com'] })
    expect(planned(plan).filter((line) => line.includes(' - '))).toEqual([])
    const manifest = plan.zones
      .flatMap(({ changes }) => changes)
      .find((change) => change.manifest && change.kind === 'update')
    expect(manifest && afterOf(manifest)?.rdata).toEqual([
      'v=mailsync1; owner=default; host.A=mail,old; mx.MX=@; spf.TXT=@',
    ])
  })

  test('makes the keys of that domain only', async () => {
    const plan = await planText(await world(), SPEC, { domain: ['example.com'] })
    expect(plan.keys.map(({ domain }) => domain)).toEqual(['example.com.'])
  })

  test('takes for there what other runs write: an MX that leads to a host of the spec is not told', async () => {
    const spec = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
hosts: { mail.example.com: { addresses: [9.9.9.9], reverse: false } }
domains:
  example.com: { mx: [mail.example.com], dkim: false, dmarc: false }
  news.example.com: { spf: false, dkim: false, dmarc: false }
  shop.example.com: { mx: none, dkim: false }
`
    const read = { 'example.com.': [rrset('news 60 MX 10 mail.example.com.')] }
    const { problems } = await planText(await worldOf({ one: read }), spec, { domain: ['shop.example.com'] })
    expect(problems.map(({ rule }) => rule)).not.toContain('mx-leads-nowhere')
  })

  test('takes for there what other runs write beside values that are there already', async () => {
    const spec = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
domains:
  example.com: { spf: false, dkim: false, dmarc: { policy: reject, testing: true } }
  shop.example.com: { spf: false, dkim: false, dmarc: { cname: _dmarc.example.com } }
`
    const read = { 'example.com.': [rrset('_dmarc 60 TXT a token')] }
    const { problems } = await planText(await worldOf({ one: read }), spec, { domain: ['shop.example.com'] })
    expect(problems.map(({ rule }) => rule)).not.toContain('dmarc-cname-without-policy')
  })

  test('tells nothing that only concerns another domain of the zone', async () => {
    const spec = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
hosts: { mail.example.com: { addresses: [9.9.9.9], reverse: false, publish: false } }
domains:
  example.com: { mx: [mail.example.com, mx.example.com], spf: { include: [a.example.com] }, dkim: false, dmarc: false }
  shop.example.com: { spf: { include: [b.example.com] }, dkim: false, dmarc: false }
`
    const world = () => worldOf({ one: { 'example.com.': [rrset('mx 60 CNAME www.example.com.')] } })
    const told = async (domain: string) =>
      (await planText(await world(), spec, { domain: [domain] })).problems.map(({ rule, where }) => [rule, where?.line])
    expect(await told('shop.example.com')).toEqual([['spf-include-without-spf', 6]])
    expect(await told('example.com')).toEqual([
      ['host-addresses-differ', 3],
      ['reverse-off', 3],
      ['mx-target-without-address', 5],
      ['mx-is-cname', 5],
      ['spf-include-without-spf', 5],
    ])
  })

  test('that is not in the spec is told', async () => {
    await expect(planText(await world(), SPEC, { domain: ['new.example.com'] })).rejects.toMatchObject({
      message: '--domain new.example.com: there is no such domain in the spec',
      hint: 'did you mean news.example.com?',
    })
  })
})

test('an MX that stands is not said to lead nowhere where its host is of the spec and left out of the run', async () => {
  const spec = SPEC.replace('{ mx: none, spf: false,', '{ spf: { addresses: [192.0.2.9] },').replaceAll(
    '{ algorithms: [ed25519] }',
    'false',
  )
  const held = { 'example.com.': [rrset('news 60 MX 10 mail.example.com.')] }
  const plan = await planText(await worldOf({ one: held }), spec, { domain: ['news.example.com'] })
  expect(planned(plan)).toEqual(['one: + news.example.com. TXT 3600 v=spf1 ip4:192.0.2.9 ~all'])
  expect(plan.problems.map(({ rule }) => rule)).not.toContain('mx-leads-nowhere')
})
