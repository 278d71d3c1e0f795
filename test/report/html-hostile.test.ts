import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../records/compile.js'
import type { Name } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'
import { inert } from '../../src/render/inert.js'
import { type HtmlReport, renderPlanHtml } from '../../src/report/report.js'
import { hostilePlan, hostileText } from '../render/hostile.js'
import { describeInChromium } from './html-chromium.js'
import { MOVE } from './html-stories.js'
import { reportOf } from './html-world.js'

/** What a page is made of: these elements, with these attributes, and nothing else. */
const ELEMENTS =
  'html head meta title style body main header footer section article div p pre span h1 h2 h3 h4 ul ol li dl dt dd table caption thead tbody tr th td code ins del wbr a button details summary script svg desc g path rect circle text'.split(
    ' ',
  )
const ATTRIBUTES =
  'lang charset http-equiv content name class id href aria-labelledby aria-hidden role scope type hidden open viewBox width height x y rx cx cy r d'.split(
    ' ',
  )
const TAG = /^<(\/?)(\w+)((?: [\w-]+="[^"<>]*"| hidden| open)*) *\/?>$/

const UNSEEN = /[^\n \p{L}\p{M}\p{N}\p{P}\p{S}]/u

/** What of a page is not of the forms it may have. */
function armed(page: string): string[] {
  const [styles, scripts] = [/<style>[^<]*<\/style>/g, /<script>[^<]*<\/script>/g]
  const bare = page.replace('<!doctype html>', '').replace(styles, '').replace(scripts, '')
  const tags = bare.match(/<[^>]*>?/g) ?? []
  return [
    ...(page.match(styles)?.length === 1 && page.match(scripts)?.length === 1 ? [] : ['not one style and one script']),
    ...tags.filter((tag) => !isOurs(tag)),
    ...bare.split('\n').filter((line) => UNSEEN.test(line)),
    ...bare
      .replace(/<[^>]*>/g, '')
      .split('\n')
      .filter((text) => /[<>"']/.test(text)),
  ]
}

function isOurs(tag: string): boolean {
  const [, , name = '', attributes = ''] = TAG.exec(tag) ?? []
  const pairs = [...attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key = '', value]) => [key, value] as const)
  return (
    ELEMENTS.includes(name) &&
    pairs.every(([key, value]) => ATTRIBUTES.includes(key) && (key !== 'href' || value?.startsWith('#')))
  )
}

/** The report with its plan replaced, and every name and value of the rest. */
function poisoned({ spec, compiled }: HtmlReport, plan: HtmlReport['plan'], text: string): HtmlReport {
  const name = `${text}.` as Name
  const domains: MailSpec['domains'] = spec.domains.map((domain) => ({
    ...domain,
    name: `${domain.name}${name}` as Name,
    mx: Array.isArray(domain.mx) ? domain.mx.map((target) => ({ ...target, host: name })) : domain.mx,
  }))
  const hosts: MailSpec['hosts'] = spec.hosts.map((host) => ({ ...host, name: `${host.name}${name}` as Name }))
  const zones: Compiled['zones'] = new Map(
    [...compiled.zones].map(([zone, records]) => [
      `${zone}${name}` as Name,
      records.map((record) => ({ ...record, rrset: { type: 'TXT', name, ttl: 1, rdata: [text] } as const })),
    ]),
  )
  return {
    plan,
    spec: { ...spec, domains, hosts },
    compiled: { ...compiled, zones },
    locate: () => ({ file: text, line: 1, column: 1 }),
  }
}

describe('whatever strangers wrote, on the HTML page', () => {
  let calm: HtmlReport
  beforeAll(async () => {
    calm = await reportOf(MOVE)
  })

  test('is text: the page has its own elements and attributes and no others, and nothing unseen', () => {
    fc.assert(
      fc.property(hostilePlan, hostileText, (plan, text) => {
        expect(armed(renderPlanHtml(poisoned(calm, plan, text)))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('the check itself finds what is armed', () => {
    for (const markup of ['<img src=x>', '<a href="javascript:x">', '<p onclick="x">', '<p class="a"b>', '\u202e', '"'])
      expect(armed(`<style></style><script></script>${markup}`)).toHaveLength(1)
  })
})

const PAYLOADS = [
  '</script><script>window.pwned=1</script>',
  '</style><script>window.pwned=2</script>',
  '"><img src=x onerror="window.pwned=3">',
  "' onmouseover='window.pwned=4",
  '<svg/onload=window.pwned=5>',
  '</text></svg><iframe srcdoc="<script>parent.pwned=6</script>">',
  'javascript:window.pwned=7',
  '<!--',
  ']]><b>',
  '&lt;script&gt;window.pwned=8&lt;/script&gt;',
  "');window.pwned=9;('",
  '\u202e<b>\u2066\u001b[31m\u0007',
  'A'.repeat(700),
  '\u4f8b'.repeat(300),
  '<base href="https://evil.invalid/"><link rel=stylesheet href=//evil.invalid/x.css>',
]

interface Found {
  readonly pwned: boolean
  readonly names: readonly string[]
  readonly attributes: readonly string[]
  readonly scripts: number
  readonly sticksOut: number
  readonly links: readonly string[]
  readonly messages: readonly string[]
}

describeInChromium('whatever strangers wrote, in a browser', (open) => {
  test('is shown and does nothing', async () => {
    const { plan, ...calm } = await reportOf(MOVE)
    const all = PAYLOADS.join(' ')
    const hostile = JSON.parse(
      JSON.stringify(plan).replaceAll('mx.oldhoster.example', JSON.stringify(all).slice(1, -1)),
    ) as HtmlReport['plan']
    const problems = PAYLOADS.map((text) => ({ rule: text, severity: 'error', message: text, hint: text }) as const)
    const failures = [{ zone: all, provider: all, code: all, message: all }]
    const report = poisoned({ ...calm, plan }, { ...hostile, problems, failures, spec: all, owner: all }, all)
    const { page, requests, complaints } = await open(renderPlanHtml(report), { width: 360 })
    await page.mouse.move(200, 200)
    const found = await page.evaluate<Found>(`({
      pwned: 'pwned' in window,
      names: [...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName))],
      attributes: [...new Set([...document.querySelectorAll('*')].flatMap((element) => element.getAttributeNames()))],
      scripts: document.scripts.length,
      sticksOut: document.documentElement.scrollWidth - innerWidth,
      links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? ''),
      messages: [...document.querySelectorAll('.message')].map((message) => message.textContent),
    })`)
    expect(found.pwned).toBe(false)
    expect(found.scripts).toBe(1)
    expect(found.sticksOut).toBeLessThanOrEqual(0)
    expect(found.names.filter((name) => !ELEMENTS.includes(name))).toEqual([])
    expect(found.attributes.filter((name) => !ATTRIBUTES.includes(name))).toEqual([])
    expect(found.links.filter((link) => !link.startsWith('#'))).toEqual([])
    expect(found.messages.slice(1, PAYLOADS.length + 1)).toEqual(PAYLOADS.map((text) => inert(text)))
    expect(requests).toEqual([])
    expect(complaints).toEqual([])
  })
})
