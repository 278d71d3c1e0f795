import { describe, expect, test } from 'vitest'
import { readDmarc } from '../../../records/families/dmarc/read-dmarc.js'
import { families } from '../../../records/families/index.js'

const { dmarc, report } = families
const messages = (text: string) => readDmarc(text).faults.map(({ message }) => message)

describe('a policy that receivers apply', () => {
  test.each([
    ['v=DMARC1;p=none', 'v=DMARC1; p=none'],
    ['V = DMARC1 \t;\tP = Reject ; ', 'v=DMARC1; p=reject'],
    [
      'v=DMARC1; rua=mailto:d@Example.com!10m , mailto:e@example.com',
      'v=DMARC1; rua=mailto:d@Example.com,mailto:e@example.com',
    ],
    [
      'v=DMARC1; p=quarantine; sp=none; np=reject; adkim=s; aspf=S; t=y; psd=n; fo=1:D',
      'v=DMARC1; p=quarantine; sp=none; np=reject; adkim=s; aspf=s; t=y; psd=n; fo=1:d',
    ],
    ['v=DMARC1; p=none; pct=50; x=1', 'v=DMARC1; p=none; pct=50; x=1'],
  ])('%s', (text, written) => {
    const { value, faults } = readDmarc(text)
    expect(faults).toEqual([])
    expect(value && dmarc.write(value)).toBe(written)
  })

  test('a wrong tag is as good as absent, and told', () => {
    const { value } = readDmarc('v=DMARC1; p=reject; adkim=strict; fo=2; rua=nobody,https://r.example')
    expect(value).toMatchObject({ policy: 'reject', adkim: 'relaxed', rua: [{ uri: 'https://r.example' }] })
    expect(messages('v=DMARC1; p=reject; adkim=strict; fo=2; rua=nobody')).toEqual([
      'nobody in rua: it is no mail address',
      'fo=2: only 0, 1, d, s can stand there, separated by colons',
      'adkim=strict: only r, s can stand there',
    ])
  })

  test('without a sound p it is none, where reports are asked for', () => {
    expect(readDmarc('v=DMARC1; rua=mailto:d@example.com').value).toMatchObject({ policy: 'none', hasPolicy: false })
    expect(readDmarc('v=DMARC1; p=rejct; rua=mailto:d@example.com').value?.policy).toBe('none')
  })
})

describe('no policy to receivers', () => {
  test.each([
    ' v=DMARC1; p=reject',
    '\tv=DMARC1; p=reject',
    'v=dmarc1; p=reject',
    'v=DMARC1\u00a0; p=reject',
    'v=DMARC1 p=reject',
    'p=reject; v=DMARC1',
    'v=DMARC1',
    'v=DMARC1; p=rejct',
    'v=DMARC1; p=reject; sp=strict',
    'v=DMARC1; p=none; p=reject',
    'v=DMARC1; p=none; P=reject',
    '',
  ])('%j', (text) => {
    expect(readDmarc(text).value).toBeUndefined()
    expect(messages(text)).not.toEqual([])
  })
})

test.each(['v=DMARC1', 'v=DMARC1;', 'v=DMARC1; ', 'v=DMARC1; x=1'])('%j authorises reports', (text) => {
  expect(report.read(text)).toMatchObject({ value: { rua: [] }, faults: [] })
  expect(report.same(text, 'v=DMARC1')).toBe(true)
})

test('an authorisation that sends reports elsewhere is another one', () => {
  expect(report.same('v=DMARC1; rua=mailto:d@example.com', 'v=DMARC1;')).toBe(false)
  expect(report.read(' v=DMARC1').value).toBeUndefined()
})
