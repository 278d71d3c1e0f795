import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { PlannedChange } from '../../../src/plan/plan.js'
import { changeOf, editOf, line, manifestOf, planOf, rsaKey, zoneOf } from './plans.js'
import { renderPlanText } from './render-plan.js'

function shown(changes: readonly PlannedChange[], options: { verbose?: boolean; width?: number } = {}): string[] {
  const text = renderPlanText(planOf({ zones: [zoneOf(changes)] }), { colour: false, ...options })
  return text.split('\n\n')[0]?.split('\n').slice(1) ?? []
}

const mail = changeOf(['A', 'mail.example.com.'], editOf('host', [[], ['192.0.2.10']]))
const spf = changeOf(
  ['TXT', 'example.com.'],
  editOf('spf', [['v=spf1 ip4:192.0.2.10 ~all'], ['v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 ~all']], { where: line(19) }),
  { kept: ['google-site-verification=1', 'MS=ms1'] },
)
const place = { type: 'A', purpose: 'host' } as const
const claim = (label: string) => ({ ...place, name: `${label}.example.com.` as Name, where: line(12) })
const step = { what: 'set the PTR of 192.0.2.10 to mail.example.com', why: 'receivers look it up', where: line(9) }

describe('a plan', () => {
  test('says what changes, where the spec asks for it, and how much it is', () => {
    const plan = planOf({
      zones: [
        zoneOf([mail, spf], {
          claimed: [claim('nat'), claim('www')],
          left: [{ ...place, name: 'old.example.com.' as Name }],
        }),
      ],
      manual: [step],
      unchanged: 3,
    })
    expect(renderPlanText(plan, { colour: false })).toBe(`example.com.  cloudflare
  + mail.example.com.  A    3600  192.0.2.10                        mailsync.yaml:12
  ~ example.com.       TXT  3600  spf: + ip4:198.51.100.7           mailsync.yaml:19
                                  (2 other values kept)
  = nat.example.com.   A          is there already as wanted        mailsync.yaml:12
  = www.example.com.   A          is there already as wanted        mailsync.yaml:12
  = old.example.com.   A          stays: mailsync did not write it  left the spec

To do by hand
  set the PTR of 192.0.2.10 to mail.example.com  mailsync.yaml:9
    because receivers look it up

1 to create, 1 to update, 0 to delete in 1 zone. 1 manual step.
2 records were there already as wanted; mailsync changes them with the spec, and never deletes them. 1 record left the spec and stays, because mailsync did not write it.
`)
  })

  test('with nothing to do is one line', () => {
    expect(renderPlanText(planOf({ unchanged: 12 }), { colour: false })).toBe(
      'Nothing to do: 12 zones are as the spec wants.\n',
    )
    expect(renderPlanText(planOf(), { colour: false })).toBe('Nothing to do: no zone was planned.\n')
  })

  test('that only remembers more says so', () => {
    const zones = [
      zoneOf([manifestOf('v=mailsync1; owner=default; host.A=mail,nat; spf.TXT=@')], { claimed: [claim('nat')] }),
    ]
    expect(renderPlanText(planOf({ zones }), { colour: false })).toBe(`example.com.  cloudflare
  = nat.example.com.        A    is there already as wanted  mailsync.yaml:12
  · _mailsync.example.com.  TXT  remembers 3 records as its own

No record changes; what mailsync remembers does, in 1 zone.
1 record was there already as wanted; mailsync changes it with the spec, and never deletes it.
`)
  })

  test('tells what failed, what is generated, and what is wrong', () => {
    const plan = planOf({
      failures: [
        {
          zone: 'example.net.',
          provider: 'route53',
          code: 'rejected',
          message: 'the zone is not yours\nsee the console',
          hint: 'delegate it',
          record: 'example.net. MX',
          apiCode: 'InvalidChangeBatch',
        },
      ],
      keys: [{ domain: 'example.com.', selector: 's202611', algorithm: 'rsa-2048', where: line(30) }],
      problems: [{ rule: 'spf-lookups', severity: 'error', message: 'SPF takes 11 look-ups', where: line(40) }],
    })
    expect(renderPlanText(plan, { colour: false })).toBe(`DKIM keys that will be generated
  s202611._domainkey.example.com.  rsa-2048  mailsync.yaml:30

Failed; nothing is written there
  example.net.  route53
    rejected  the zone is not yours (example.net. MX, code InvalidChangeBatch)
      see the console
      delegate it

mailsync.yaml:40:5  error    SPF takes 11 look-ups  [spf-lookups]
1 error

No changes yet. 1 DKIM key to generate. 1 zone failed. The spec has errors, so nothing can be applied.
`)
  })

  test('whose zones all failed does not say that nothing is to do', () => {
    const failures = [{ zone: 'example.net.', provider: 'bind', code: 'timeout', message: 'no answer' }]
    expect(renderPlanText(planOf({ failures }), { colour: false })).toMatch(
      /\nNothing could be planned\. 1 zone failed\.\n$/,
    )
  })
})

describe('what apply will want is said last', () => {
  const adopting = changeOf(
    ['A', 'mail.example.com.'],
    editOf('host', [['192.0.2.1'], ['192.0.2.2']], { adopts: true }),
  )
  const last = (zones: readonly ReturnType<typeof zoneOf>[]): string | undefined =>
    renderPlanText(planOf({ zones }), { colour: false }).trimEnd().split('\n').at(-1)

  test('--adopt, --force, or both', () => {
    expect(last([zoneOf([adopting])])).toBe('Apply will want --adopt, to replace 1 value that mailsync did not write.')
    expect(last([zoneOf([mail], { owned: 10, removed: 4 })])).toBe(
      'Apply will want --force, to delete so much in 1 zone.',
    )
    expect(last([zoneOf([adopting, adopting], { owned: 10, removed: 4 })])).toBe(
      'Apply will want --adopt, to replace 2 values that mailsync did not write; and --force, to delete so much in 1 zone.',
    )
  })

  test('nothing where it asks for nothing', () => {
    expect(last([zoneOf([mail])])).toBe('1 to create, 0 to update, 0 to delete in 1 zone.')
  })
})

describe('a zone', () => {
  const titled = (zone: string, parts = {}): string | undefined =>
    renderPlanText(planOf({ zones: [zoneOf([mail], { zone: zone as Name, ...parts })] }), { colour: false }).split(
      '\n',
    )[0]

  test('with an internationalised name is shown in both forms', () => {
    expect(titled('xn--bcher-kva.example.')).toBe('xn--bcher-kva.example. (bücher.example)  cloudflare')
  })

  test('that takes several writes is not atomic', () => {
    expect(titled('example.com.', { writes: 3 })).toBe('example.com.  cloudflare  (3 writes, not atomic)')
  })

  test('that loses too much says what apply will ask for', () => {
    expect(titled('example.com.', { owned: 10, removed: 4 })).toBe(
      'example.com.  cloudflare  (deletes 4 of its 10 records: apply asks for --force)',
    )
    expect(titled('example.com.', { owned: 100, removed: 4 })).toBe('example.com.  cloudflare')
  })
})

describe('a change', () => {
  test('of one address among several shows what comes and goes, and how many stay', () => {
    const edit = editOf('host', [
      ['192.0.2.1', '192.0.2.2'],
      ['192.0.2.2', '192.0.2.3'],
    ])
    expect(shown([changeOf(['A', 'mail.example.com.'], edit)])).toEqual([
      '  ~ mail.example.com.  A  3600  - 192.0.2.1  mailsync.yaml:12',
      '                                + 192.0.2.3',
      '                                (1 value stays)',
    ])
  })

  test('of the TTL shows the old and the new one', () => {
    const edit = editOf('host', [['192.0.2.1'], ['192.0.2.1']])
    expect(shown([changeOf(['A', 'mail.example.com.'], edit, { ttls: [3600, 300] })])).toEqual([
      '  ~ mail.example.com.  A  3600 → 300  192.0.2.1  mailsync.yaml:12',
    ])
  })

  test('that creates several values has a line for each', () => {
    const edit = editOf('mx', [[], ['10 mail.example.com.', '20 backup.example.net.']])
    expect(shown([changeOf(['MX', 'example.com.'], edit)])).toEqual([
      '  + example.com.  MX  3600  10 mail.example.com.  mailsync.yaml:12',
      '                            20 backup.example.net.',
    ])
  })

  test('that takes away what left the spec says so', () => {
    expect(shown([changeOf(['AAAA', 'old.example.com.'], editOf('host', [['2001:db8::1'], []]))])).toEqual([
      '  - old.example.com.  AAAA  3600  2001:db8::1  left the spec',
    ])
  })

  test('that adopts shows to the last character what a stranger wrote', () => {
    const theirs = 'v=DMARC1;p=none;rua=mailto:postmaster@stranger.example'
    const edit = editOf('dmarc', [[theirs], ['v=DMARC1; p=reject; rua=mailto:postmaster@stranger.example']], {
      adopts: true,
    })
    expect(shown([changeOf(['TXT', '_dmarc.example.com.'], edit)], { width: 160 })).toEqual([
      '  ~ _dmarc.example.com.  TXT  3600  dmarc: - p=none + p=reject  mailsync.yaml:12',
      `                                    adopts what mailsync did not write: ${theirs}`,
    ])
  })

  test('that adopts a key shows the old key in full', () => {
    const theirs = `v=DKIM1; p=${rsaKey('theirs')}`
    const edit = editOf('dkim', [[theirs], [`v=DKIM1; k=rsa; p=${rsaKey('ours')}`]], { adopts: true })
    const text = shown([changeOf(['TXT', 's1._domainkey.example.com.'], edit)]).join('\n')
    expect(text).toContain(rsaKey('theirs'))
    expect(text).not.toContain(rsaKey('ours'))
  })

  test('that adopts addresses marks them', () => {
    const edit = editOf('host', [['192.0.2.9'], ['192.0.2.1']], { adopts: true })
    expect(shown([changeOf(['A', 'mail.example.com.'], edit)])).toEqual([
      '  ~ mail.example.com.  A  3600  - 192.0.2.9  mailsync.yaml:12',
      '                                + 192.0.2.1',
      '                                adopts what mailsync did not write',
    ])
  })

  test('of a key shows where the two differ, and not four hundred characters', () => {
    const edit = editOf('dkim', [[`v=DKIM1; k=rsa; p=${rsaKey('aaaa')}`], [`v=DKIM1; k=rsa; p=${rsaKey('bbbb')}`]])
    expect(shown([changeOf(['TXT', 's1._domainkey.example.com.'], edit)], { width: 160 })).toEqual([
      '  ~ s1._domainkey.example.com.  TXT  3600  dkim: - p=MIIB…xxxxxaaaawIDAQAB (rsa-2048)                    mailsync.yaml:12',
      '                                             + p=MIIB…xxxxxbbbbwIDAQAB (rsa-2048)',
    ])
  })

  test('that only spells a value otherwise says so', () => {
    const edit = editOf('dmarc', [['v=DMARC1;p=none'], ['v=DMARC1; p=none']])
    expect(shown([changeOf(['TXT', '_dmarc.example.com.'], edit)])[0]).toContain('dmarc: (the same, spelt differently)')
  })

  test('with verbose has all that stays, and keys in full', () => {
    const text = shown([spf], { verbose: true, width: 200 })
    expect(text[0]).toContain('spf: v=spf1 ip4:192.0.2.10 + ip4:198.51.100.7 ~all')
    expect(text.slice(1).map((each) => each.trim())).toEqual([
      '(2 other values kept)',
      'google-site-verification=1',
      'MS=ms1',
    ])
    const key = changeOf(['TXT', 's1._domainkey.example.com.'], editOf('dkim', [[], [`v=DKIM1; p=${rsaKey('a')}`]]))
    expect(shown([key], { verbose: true }).join('\n')).toContain(rsaKey('a'))
  })
})

describe('the columns', () => {
  const long = `${'0.'.repeat(28)}8.b.d.0.1.0.0.2.ip6.arpa.`

  test('are not pushed by a long name: it has a line of its own', () => {
    const lines = shown([mail, changeOf(['PTR', long], editOf('ptr', [[], ['mail.example.com.']]))])
    expect(lines).toEqual([
      '  + mail.example.com.  A    3600  192.0.2.10         mailsync.yaml:12',
      `  + ${long}`,
      '                       PTR  3600  mail.example.com.  mailsync.yaml:12',
    ])
  })

  test('are broken at blanks where the terminal is narrow', () => {
    const terms = Array.from({ length: 9 }, (_, index) => `ip4:198.51.100.${index}`)
    const edit = editOf('spf', [[], [`v=spf1 ${terms.join(' ')} -all`]])
    const lines = shown([changeOf(['TXT', 'example.com.'], edit)], { width: 80 })
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.filter((each) => each.length > 80)).toEqual([])
    expect(lines.map((each) => each.replace('mailsync.yaml:12', '').slice(28).trim()).join(' ')).toBe(edit.after[0])
  })
})

test('colour is there only where it is wanted, and says the same', () => {
  const plan = planOf({ zones: [zoneOf([mail, spf])] })
  const plain = renderPlanText(plan, { colour: false })
  const coloured = renderPlanText(plan, { colour: true })
  expect(plain).not.toContain('\u001b')
  expect(coloured).toContain('\u001b[32m+\u001b[39m mail.example.com.')
  expect(stripVTControlCharacters(coloured)).toBe(plain)
})
