import stringWidth from 'fast-string-width'
import { describe, expect, test } from 'vitest'
import { renderPlanHtml } from '../../src/report/report.js'
import { fitText } from '../../src/report/topology/fit-text.js'
import type { DomainNode, Topology } from '../../src/report/topology/graph.js'
import { layOut } from '../../src/report/topology/layout.js'
import { NARROW, WIDE } from '../../src/report/topology/metrics.js'
import { topologyOf } from '../../src/report/topology/topology.js'
import { FIFTY, FIRST, MOVE } from './html-stories.js'
import { textOf } from './html-text.js'
import { reportOf, type World } from './html-world.js'

async function topology(world: World): Promise<Topology> {
  const { plan, spec, compiled } = await reportOf(world)
  return topologyOf(plan, spec, compiled)
}

function domain({ domains }: Topology, name: string): DomainNode {
  const found = domains.find(({ names }) => names.some((other) => other === name))
  if (!found) throw new Error(`${name} is not drawn`)
  return found
}

function linksOf(node: DomainNode, kind: 'receives' | 'sends'): string[] {
  return node.links
    .filter((link) => link.kind === kind)
    .map(({ machine, mark }) => (mark === 'same' ? machine : `${machine} ${mark}`))
}

describe('the drawing shows what receives and what sends', () => {
  test('the MX of a domain, and what it was', async () => {
    const map = await topology(MOVE)
    expect(linksOf(domain(map, 'example.com.'), 'receives')).toEqual([
      'mail.example.com',
      'mx2.example.com new',
      'backup.example.org new',
    ])
    expect(linksOf(domain(map, 'xn--bcher-kva.example.'), 'receives')).toContain('mx.oldhoster.example gone')
  })

  test('the senders SPF allows: hosts, relays, and addresses that go', async () => {
    expect(linksOf(domain(await topology(MOVE), 'example.com.'), 'sends')).toEqual([
      'mail.example.com',
      'mx2.example.com new',
      'web.example.com',
      'include:_spf.google.com',
      '198.51.100.7 gone',
      'include:spf.mailjet.com gone',
    ])
  })

  test('what is new, changes and goes', async () => {
    const { domains, machines } = await topology(MOVE)
    const marks = [
      ...domains.map(({ names, mark }) => `${names} ${mark}`),
      ...machines.map(({ id, mark }) => `${id} ${mark}`),
    ]
    expect(marks).toEqual([
      'example.com. changed',
      'example.net. changed',
      'xn--bcher-kva.example. changed',
      'parked.example. new',
      'old.example. gone',
      'mail.example.com changed',
      'mx2.example.com new',
      'web.example.com changed',
      'backup.example.org new',
      'include:_spf.google.com same',
      '198.51.100.7 gone',
      'include:spf.mailjet.com gone',
      'mx.oldhoster.example gone',
    ])
  })

  test('who sets the reverse name of each address', async () => {
    const { machines } = await topology(MOVE)
    const notes = machines.flatMap(({ addresses }) => addresses.map(({ address, note }) => `${address} ${note}`))
    expect(notes).toEqual([
      '192.0.2.10 PTR',
      '2001:db8::10 PTR by hand',
      '192.0.2.11 PTR',
      '203.0.113.0 sends only',
      '192.0.2.80 no PTR',
    ])
  })

  test('a key that is still to be made', async () => {
    expect(domain(await topology(FIRST), 'example.com.').signing).toEqual(['new DKIM key', 'DMARC none'])
  })

  test('an MTA-STS policy, where there is one', async () => {
    const spec = FIRST.spec.replace('[mail.example.com] }', '[mail.example.com], mta_sts: { mode: enforce } }')
    expect(domain(await topology({ ...FIRST, spec }), 'example.com.').signing).toEqual([
      'new DKIM key',
      'DMARC none',
      'MTA-STS enforce',
    ])
  })
})

describe('many domains', () => {
  test('that are alike are one card, which counts them', async () => {
    const { domains } = await topology(FIFTY)
    expect(domains.flatMap(({ names }) => names)).toHaveLength(50)
    expect(domains).toHaveLength(8)
    expect(domain(await topology(FIFTY), 'd1.example.').signing).toEqual(['no DKIM', 'DMARC quarantine or reject'])
  })

  test('too different for a drawing are a list', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `d${index}.example`)
    const spec = `providers: { dns: { class: memory } }
zones: { example.com.: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains:
${names.map((name, index) => `  ${name}: { mx: [mx${index}.example.com], dkim: false, spf: { addresses: [198.51.100.${index}] } }`).join('\n')}
`
    const page = renderPlanHtml(await reportOf({ spec }))
    expect(page).not.toContain('<svg class="map')
    const text = textOf(page)
    expect(text).toContain('too much for a drawing')
    for (const [index, name] of names.entries())
      expect(text).toContain(`${name} Receives: MX 10 mx${index}.example.com (10)`)
  })
})

describe.each([WIDE, NARROW])('the $id drawing', (metrics) => {
  test('has no card over another or outside, and no line wider than its card', async () => {
    for (const world of [FIRST, MOVE, FIFTY]) {
      const { cards, width, height } = layOut(await topology(world), metrics)
      for (const card of cards) {
        expect(card.x).toBeGreaterThanOrEqual(0)
        expect(card.x + card.width).toBeLessThanOrEqual(width)
        expect(card.y).toBeGreaterThanOrEqual(9)
        expect(card.y + card.height).toBeLessThanOrEqual(height)
        for (const { text } of card.lines.filter(({ style }) => style === 'name' || style === 'address'))
          expect(stringWidth(text) * metrics.column + 2 * metrics.padding).toBeLessThanOrEqual(card.width)
        const overlapping = cards.filter(
          ({ x, y, height: tall }) => x === card.x && y !== card.y && y < card.y + card.height && card.y < y + tall,
        )
        expect(overlapping).toEqual([])
      }
    }
  })
})

describe('a long name', () => {
  test('breaks after its dots', () => {
    expect(fitText('mx1.eu-west.mail.example.co.uk', 18, 2)).toEqual(['mx1.eu-west.mail.', 'example.co.uk'])
  })

  test('ends in an ellipsis where the lines do not hold it', () => {
    expect(fitText('a'.repeat(40), 10, 2)).toEqual(['a'.repeat(10), `${'a'.repeat(9)}…`])
  })

  test('of wide letters takes two columns a letter', () => {
    expect(fitText('例え例え.テスト', 8, 3)).toEqual(['例え例え', '.テスト'])
  })
})
