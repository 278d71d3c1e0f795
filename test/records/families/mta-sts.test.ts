import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families } from '../../../records/families/index.js'
import { policyId, policyText, type StsPolicy, writeStsPolicy } from '../../../records/families/mta-sts/policy.js'
import { readStsPolicy } from '../../../records/families/mta-sts/read-policy.js'
import { readStsRecord } from '../../../records/families/mta-sts/read-record.js'
import type { Reading } from '../../../records/families/reading.js'
import { compiled, serving } from '../compile/compiled.js'

const faultsOf = ({ faults }: Reading<unknown>): string[] =>
  faults.map(({ section, message }) => `${section}: ${message}`)

describe('the TXT of _mta-sts (RFC 8461 §3.1)', () => {
  test.each([
    'v=STSv1; id=20160831085700Z;',
    'v=STSv1;id=20160831085700Z',
    'v=STSv1; \t id=20160831085700Z \t; ',
    'v=STSv1; x-1_.=a:b<c; id=20160831085700Z',
  ])('%j is one', (text) => {
    expect(readStsRecord(text)).toMatchObject({ value: { id: '20160831085700Z' }, faults: [] })
  })

  test.each([
    ['id=1; v=STSv1', 'it does not begin with "v=STSv1;", so senders discard it'],
    [' v=STSv1; id=1', 'it does not begin with "v=STSv1;", so senders discard it'],
    ['V=STSv1; id=1', 'it does not begin with "v=STSv1;", so senders discard it'],
    ['v=STSv1 ; id=1', 'it does not begin with "v=STSv1;", so senders discard it'],
    ['v=STSv2; id=1', 'it does not begin with "v=STSv1;", so senders discard it'],
    ['v=STSv1', 'it does not begin with "v=STSv1;", so senders discard it'],
    ['v=STSv1;', 'it has nothing but its version'],
    ['v=STSv1; x=1', 'there is no id='],
    ['v=STSv1; ID=1', 'there is no id='],
    ['v=STSv1; id=', 'id=: an id has 1 to 32 letters and digits, and nothing else'],
    ['v=STSv1; id=2026-01-01', 'id=2026-01-01: an id has 1 to 32 letters and digits, and nothing else'],
    [`v=STSv1; id=${'1'.repeat(33)}`, `id=${'1'.repeat(33)}: an id has 1 to 32 letters and digits, and nothing else`],
    ['v=STSv1; id=1;;', 'there is an empty field'],
    ['v=STSv1; id = 1', '"id = 1" is no field'],
    ['v=STSv1; id=1; x', '"x" is no field'],
    ['v=STSv1; id=1; x=a=b', 'the field x has a value that no field can have'],
    ['v=STSv1; id=1; x=é', 'the field x has a value that no field can have'],
    ['v=STSv1; id=1 ', 'it ends in a blank'],
    ['v=STSv1; id=1\u00a0;', 'id=1\u00a0: an id has 1 to 32 letters and digits, and nothing else'],
  ])('%j is none: %s', (text, fault) => {
    const reading = readStsRecord(text)
    expect(reading.value).toBeUndefined()
    expect(faultsOf(reading)).toContain(`RFC 8461 §3.1: ${fault}`)
  })

  test('of two ids the first counts, and it is told', () => {
    const reading = readStsRecord('v=STSv1; id=1; id=2')
    expect(reading.value?.id).toBe('1')
    expect(faultsOf(reading)).toEqual(['RFC 8461 §3.1: the field id is there twice; senders take the first'])
  })

  test('the same id is the same, whatever stands beside it', () => {
    const { same } = families.mtasts
    expect(same('v=STSv1; id=1;', 'v=STSv1;x=2;id=1')).toBe(true)
    expect(same('v=STSv1; id=1;', 'v=STSv1; id=2;')).toBe(false)
    expect(same('v=STSv1; id=1;', 'v=stsv1; id=1;')).toBe(false)
  })
})

const POLICY = 'version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n'

describe('the text of a policy (RFC 8461 §3.2)', () => {
  test.each([
    ['with LF', POLICY],
    ['with CRLF', POLICY.replaceAll('\n', '\r\n')],
    ['without a last line end', POLICY.trimEnd()],
    [
      'with its fields in another order',
      POLICY.split('\n')
        .filter(Boolean)
        .reverse()
        .join('\n')
        .replace('mx: *.example.net\nmx: mail.example.com', 'mx: mail.example.com\nmx: *.example.net'),
    ],
    ['with blanks where they may be', POLICY.replaceAll(': ', ':\t ').replaceAll('\n', ' \t\n')],
    ['with a field that nobody knows', `${POLICY}x-1: é b\n`],
  ])('%s', (_, text) => {
    expect(readStsPolicy(text)).toMatchObject({
      value: { mode: 'enforce', maxAge: 604_800, mx: ['mail.example.com', '*.example.net'] },
      faults: [],
    })
  })

  test('mode none needs no mx', () => {
    expect(readStsPolicy('version: STSv1\nmode: none\nmax_age: 0').value).toMatchObject({
      mode: 'none',
      mx: [],
      maxAge: 0,
    })
  })

  test.each([
    ['', 'there is no version:'],
    [POLICY.replace('STSv1', 'STSv2'), 'version: STSv2: only STSv1 can stand there'],
    [POLICY.replace('enforce', 'Enforce'), 'mode: Enforce: only enforce, testing, none can stand there'],
    [POLICY.replace('mode: enforce\n', ''), 'there is no mode:'],
    [POLICY.replace(/max_age.*\n/, ''), 'there is no max_age:'],
    [POLICY.replace('604800', '1w'), 'max_age: 1w: it is a number of seconds, of up to 10 digits'],
    [POLICY.replace('604800', '-1'), 'max_age: -1: it is a number of seconds, of up to 10 digits'],
    [POLICY.replace('604800', '12345678901'), 'max_age: 12345678901: it is a number of seconds, of up to 10 digits'],
    [POLICY.replace(/mx:.*\n/g, ''), 'there is no mx:'],
    [POLICY.replace('*.example', '.example'), 'mx: .example.net: it is no host name in A-labels'],
    [POLICY.replace('*.example', '*.*.example'), 'mx: *.*.example.net: it is no host name in A-labels'],
    [POLICY.replace('mail.example.com', 'mäil.example.com'), 'mx: mäil.example.com: it is no host name in A-labels'],
    [POLICY.replace('mail.example.com', 'mail.example.com.'), 'mx: mail.example.com.: it is no host name in A-labels'],
    [
      POLICY.replace('mail.example.com', 'a.example.com, b.example.com'),
      'mx: a.example.com, b.example.com: it is no host name in A-labels',
    ],
    [POLICY.replace('mode', '\nmode'), 'line 2: it is empty'],
    [POLICY.replace('mode:', 'mode'), 'line 2: "mode enforce" is no field'],
    [POLICY.replace('mode:', ' mode:'), 'line 2: " mode: enforce" is no field'],
    [`${POLICY}x:`, 'line 6: x has a value that no field can have'],
    [`${POLICY}x: a\u0007b`, 'line 6: x has a value that no field can have'],
  ])('%j is none: %s', (text, fault) => {
    const reading = readStsPolicy(text)
    expect(reading.value).toBeUndefined()
    expect(faultsOf(reading)).toContain(`RFC 8461 §3.2: ${fault}`)
  })

  test('a year is the most, and of a field that is there twice the first counts', () => {
    const reading = readStsPolicy(`${POLICY.replace('604800', '31557601')}mode: none\n`)
    expect(reading.value).toMatchObject({ mode: 'enforce', maxAge: 31_557_601 })
    expect(faultsOf(reading)).toEqual([
      'RFC 8461 §3.2: max_age: 31557601: 31557600 is the most',
      'RFC 8461 §3.2: line 6: mode is there twice; senders take the first',
    ])
  })

  test('one of more than 64 kilobytes is none', () => {
    const reading = readStsPolicy(POLICY + 'mx: mail.example.com\n'.repeat(4000))
    expect(reading.value).toBeUndefined()
    expect(faultsOf(reading)).toEqual(['RFC 8461 §3.3: it has more than 65536 octets'])
  })
})

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const pattern = fc.tuple(fc.boolean(), label, label).map(([isWild, a, b]) => `${isWild ? '*.' : ''}${a}.${b}`)
const policies: fc.Arbitrary<StsPolicy> = fc.record({
  mode: fc.constantFrom('enforce', 'testing', 'none'),
  maxAge: fc.integer({ min: 0, max: 31_557_600 }),
  mx: fc.array(pattern, { minLength: 1, maxLength: 5 }),
  extensions: fc.constantFrom([], [{ name: 'x', value: 'a b' }]),
})

test('what is written is read as it was, with CRLF', () => {
  fc.assert(
    fc.property(policies, (policy) => {
      const text = writeStsPolicy(policy)
      expect(readStsPolicy(text)).toEqual({ value: policy, faults: [] })
      expect(text.split('\r\n').at(-1)).toBe('')
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    }),
  )
})

test('the id changes when the policy does, and only then; it is one that a record may have', () => {
  fc.assert(
    fc.property(policies, policies, (one, other) => {
      const [a, b] = [writeStsPolicy(one), writeStsPolicy(other)]
      expect(policyId(a) === policyId(b)).toBe(a === b)
      expect(readStsRecord(`v=STSv1; id=${policyId(a)};`)).toMatchObject({ value: { id: policyId(a) }, faults: [] })
    }),
  )
})

describe('the policy of a domain', () => {
  const textOf = async (more: string) => {
    const { input } = await compiled(`${serving('example.com')}domains: { example.com: ${more} }\n`)
    return input.domains.map(policyText)[0]
  }

  test('allows its MX, in A-labels; their order is none of it', async () => {
    const text = await textOf('{ mx: [mäil.example.org, a.example.net], mta_sts: { mode: enforce, max_age: 86400 } }')
    expect(text).toBe(
      'version: STSv1\r\nmode: enforce\r\nmx: a.example.net\r\nmx: xn--mil-qla.example.org\r\nmax_age: 86400\r\n',
    )
    expect(await textOf('{ mx: [a.example.net, mäil.example.org], mta_sts: { mode: enforce, max_age: 86400 } }')).toBe(
      text,
    )
  })

  test('is for testing, and kept for a week, where nothing else is said', async () => {
    expect(await textOf('{ mx: [a.example.net], mta_sts: {} }')).toBe(
      'version: STSv1\r\nmode: testing\r\nmx: a.example.net\r\nmax_age: 604800\r\n',
    )
  })

  test('on its way out allows anything', async () => {
    expect(await textOf('{ mail: none, mta_sts: { mode: none, max_age: 86400 } }')).toBe(
      'version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n',
    )
  })

  test('is somebody else’s where its id is written', async () => {
    expect(await textOf('{ mx: [a.example.net], mta_sts: { id: 20240101 } }')).toBeUndefined()
  })
})
