import { beforeAll, describe, expect, test } from 'vitest'
import { renderPlanHtml } from '../../src/report/report.js'
import { BROKEN, FIRST, MOVE, many, QUIET } from './html-stories.js'
import { textOf } from './html-text.js'
import { multiplied, reportOf, type World } from './html-world.js'

async function shown(world: World): Promise<string> {
  return textOf(renderPlanHtml(await reportOf(world)))
}

describe('the summary says in words', () => {
  test('what changes, in how many zones, and what apply asks for', async () => {
    const text = await shown(MOVE)
    expect(text).toContain('24 records will change')
    expect(text).toContain('Apply creates 12 records, updates 6 and deletes 6, in 6 zones.')
    expect(text).toContain('Apply asks for consent: --force and --adopt')
    expect(text).toContain('The DKIM key s202611 of example.com is published.')
  })

  test('that nothing is to do', async () => {
    const text = await shown(QUIET)
    expect(text).toContain('Nothing to do')
    expect(text).toContain('DNS is as the spec wants it. 4 zones need nothing.')
  })

  test('that keys are made first', async () => {
    const text = await shown(FIRST)
    expect(text).toContain('2 DKIM keys to be made first')
    expect(text).toContain('s202611-ed25519._domainkey.example.com.')
  })

  test('that a zone could not be read, and why', async () => {
    const text = await shown(BROKEN)
    expect(text).toContain('1 zone could not be planned; nothing is written there')
    expect(text).toContain('the API asks to wait (429): example.net. wait a minute and plan again')
    expect(text).toContain('rate-limited 971')
  })
})

describe('changes', () => {
  let text: string
  beforeAll(async () => {
    text = await shown(MOVE)
  })

  test('SPF is compared term by term', () => {
    expect(text).toContain(
      'v=spf1 ip4:192.0.2.10 [+ip4:192.0.2.11] ip4:192.0.2.80 [+ip4:203.0.113.0] [-ip4:198.51.100.7] ip6:2001:db8::10 include:_spf.google.com [-include:spf.mailjet.com] [-~all] [+-all]',
    )
  })

  test('DMARC is compared tag by tag, with what the tags are about', () => {
    expect(text).toContain('p policy [-quarantine] → [+reject] sp subdomains [+quarantine]')
  })

  test("strangers' values are counted, not shown as ours", () => {
    expect(text).toContain('2 other values here stay as they are.')
    expect(text).not.toContain('google-site-verification')
  })

  test('a TTL that moves and a value that is taken over are told', () => {
    expect(text).toContain('TTL [-300] → [+3600]')
    expect(text).toContain('Replaces what mailsync did not write.')
  })

  test('each says where in the spec it comes from, or that it left', () => {
    expect(text).toMatch(/update example\.com\. MX mail exchanger TTL 3600 mailsync\.yaml:21/)
    expect(text).toMatch(/delete old\.example\. MX mail exchanger TTL 3600 left the spec/)
  })

  test('a zone that is written in several writes says that it is not atomic', () => {
    expect(text).toContain('in 2 separate writes: a failure midway leaves the first of them done')
  })
})

describe('all records', () => {
  test('are there with their place in the spec, changed or not', async () => {
    const text = await shown(MOVE)
    expect(text).toContain('What mailsync.yaml means, 27 records in 5 zones')
    expect(text).toContain('web A address TTL 3600 192.0.2.80 mailsync.yaml:18')
    expect(text).toContain('@ MX mail exchanger ~ changes TTL 3600 10 mail.example.com. 20 mx2.example.com.')
  })

  test('an international name is written both ways', async () => {
    expect(await shown(MOVE)).toContain('xn--bcher-kva.example. bücher.example')
  })
})

describe('ten thousand domains', () => {
  test('make a page of a size a browser opens, which says what it leaves out', async () => {
    const page = renderPlanHtml(multiplied(await reportOf({ spec: many(20) }), 500))
    expect(page.length).toBeLessThan(3_000_000)
    const text = textOf(page)
    expect(text).toMatch(/How mail goes 10,000 domains/)
    expect(text).toMatch(/[\d,]{6} more changes are not on this page\. mailsync plan --format json has all of them\./)
    expect(text).toMatch(/[\d,]{6} more records are not on this page\. mailsync compile has all of them\./)
    expect(text).toMatch(/[\d,]{5} more problems are not on this page\./)
  })
})
