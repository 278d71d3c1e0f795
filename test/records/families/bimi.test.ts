import { describe, expect, test } from 'vitest'
import { readBimi, writeBimi } from '../../../records/families/bimi/read-bimi.js'
import { families } from '../../../records/families/index.js'
import { planText } from '../../worlds/plan-text.js'
import { worldOf } from '../../worlds/world.js'

const LOGO = 'https://example.com/logo.svg'

describe('a BIMI record (draft-14 §4.3)', () => {
  test.each([
    [`v=BIMI1; l=${LOGO}; a=;`, { location: LOGO, authority: '' }],
    [`v=BIMI1;l=${LOGO}`, { location: LOGO, authority: '' }],
    [
      `v = BIMI1 ; a = https://example.com/vmc.pem ; l = ${LOGO}`,
      { location: LOGO, authority: 'https://example.com/vmc.pem' },
    ],
    ['v=BIMI1; l=; a=;', { location: '', authority: '' }],
    [`v=BIMI1; l=${LOGO}; avp=personal; lps=news`, { location: LOGO, avatar: 'personal' }],
    [
      'v=BIMI1; l=https://example.com:8443/a%2Cb.svg?v=1#x; x-unknown=1'.replace('x-unknown', 'x'),
      { location: 'https://example.com:8443/a%2Cb.svg?v=1#x' },
    ],
  ])('%j', (text, value) => {
    expect(readBimi(text)).toMatchObject({ value, faults: [] })
  })

  test.each([
    [`l=${LOGO}; v=BIMI1`, 'it does not begin with v=BIMI1, in capitals'],
    [`v=bimi1; l=${LOGO}`, 'it does not begin with v=BIMI1, in capitals'],
    ['v=BIMI1; a=', 'there is no l='],
    [
      'v=BIMI1; l=http://example.com/a.svg',
      'l=http://example.com/a.svg: it is no https: URI with commas and semicolons percent-encoded',
    ],
    [
      `v=BIMI1; l=${LOGO},https://example.com/b.svg`,
      `l=${LOGO},https://example.com/b.svg: it is no https: URI with commas and semicolons percent-encoded`,
    ],
    ['v=BIMI1; l=https://localhost/a.svg', 'l=https://localhost/a.svg: it has no whole host name'],
    ['v=BIMI1; l=https://192.0.2.1/a.svg', 'l=https://192.0.2.1/a.svg: it has no whole host name'],
    [`v=BIMI1; l=${LOGO}; a=vmc.pem`, 'a=vmc.pem: it is no https: URI with commas and semicolons percent-encoded'],
    [`v=BIMI1; l=${LOGO}; avp=both`, 'avp=both: only brand and personal can stand there'],
    [`v=BIMI1; l=${LOGO}; l=${LOGO}`, 'the tag l is there twice'],
  ])('%j is none: %s', (text, fault) => {
    const { value, faults } = readBimi(text)
    expect(value).toBeUndefined()
    expect(faults).toContainEqual({ section: 'BIMI draft-14 §4.3', message: fault })
  })

  test('means the same with a default said, and with tags nobody knows', () => {
    const { same } = families.bimi
    expect(same(`v=BIMI1; l=${LOGO}`, `v=BIMI1; a=; x=1; avp=brand; l=${LOGO};`)).toBe(true)
    expect(same(`v=BIMI1; l=${LOGO}`, `v=BIMI1; l=${LOGO}; lps=news`)).toBe(false)
    expect(same(`v=BIMI1; l=${LOGO}`, `v=BIMI1; l=${LOGO.replace('logo', 'Logo')}`)).toBe(false)
  })

  test('is written as it was read', () => {
    const text = `v=BIMI1; l=${LOGO}; a=https://example.com/vmc.pem; avp=personal; lps=news;`
    const { value } = readBimi(text)
    expect(value && writeBimi(value)).toBe(text)
  })
})

test('a logo of a domain below another needs a policy of both', async () => {
  const world = await worldOf({ one: { 'example.com.': [] } })
  const warnings = async (policy: string) => {
    const { problems } = await planText(
      world,
      `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
domains:
  example.com: { mx: [mx.example.net], dmarc: { policy: ${policy} } }
  news.example.com: { mx: [mx.example.net], dmarc: { policy: reject }, bimi: { location: "${LOGO}" } }
`,
    )
    return problems.filter(({ rule }) => rule === 'bimi-without-dmarc').map(({ message }) => message)
  }
  expect(await warnings('none')).toEqual([
    'no logo is shown beside mail from news.example.com: its DMARC policy counts together with that of example.com above it, which is none (BIMI draft-14 §7.1)',
  ])
  expect(await warnings('quarantine')).toEqual([])
})
