import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { renderPlanMarkdown } from '../../../src/render/markdown/plan-markdown.js'
import { nodesOf, parseGfm, readText, tablesOf } from '../gfm.js'
import { changeOf, editOf, line, manifestOf, planOf, rsaKey, zoneOf } from './plans.js'

const mail = changeOf(['A', 'mail.example.com.'], editOf('host', [[], ['192.0.2.10']]))
const spf = changeOf(
  ['TXT', 'example.com.'],
  editOf('spf', [['v=spf1 ip4:192.0.2.10 ~all'], ['v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 -all']], { where: line(19) }),
  { kept: ['google-site-verification=1'] },
)
const key = changeOf(
  ['TXT', 's1._domainkey.example.com.'],
  editOf('dkim', [[], [`v=DKIM1; k=rsa; p=${rsaKey('ours')}`]], { where: line(30) }),
)

/** Headings, paragraphs and list items as they are read. */
function readParts(text: string, type: string): string[] {
  return nodesOf(parseGfm(text), type).map(readText)
}

describe('the comment on a pull request', () => {
  test('says first in words what happens to mail, then shows the changes', () => {
    const text = renderPlanMarkdown(planOf({ zones: [zoneOf([mail, spf, manifestOf('v=mailsync1; owner=default')])] }))
    expect(readParts(text, 'heading')).toEqual(['mailsync plan', 'example.com. at cloudflare'])
    expect(readParts(text, 'listItem')).toEqual([
      'Who may send for example.com (SPF): ip4:198.51.100.7, -all instead of ~all',
      'mail.example.com gets 192.0.2.10',
    ])
    expect(tablesOf(text)).toEqual([
      [
        ['change', 'record', 'type', 'TTL', 'value', 'spec'],
        ['create', 'mail.example.com.', 'A', '3600', '192.0.2.10', 'mailsync.yaml:12'],
        [
          'update',
          'example.com.',
          'TXT',
          '3600',
          '+ ip4:198.51.100.7\n− ~all\n+ -all\n(1 other value kept)',
          'mailsync.yaml:19',
        ],
      ],
    ])
    expect(text).toContain('**1 to create, 1 to update, 0 to delete in 1 zone.**')
  })

  test('shows a key short in the table and in full below it', () => {
    const text = renderPlanMarkdown(planOf({ zones: [zoneOf([key])] }))
    expect(tablesOf(text)[0]?.[1]?.[4]).toBe('v=DKIM1; k=rsa; p=MIIB…xxxxxourswIDAQAB (rsa-2048)')
    expect(readParts(text, 'listItem')).toContain(`s1._domainkey.example.com. TXT, new: ${key.edits[0]?.after[0]}`)
    expect(text).toContain('<details><summary>Long values in full</summary>')
  })

  test('warns of what apply will ask for', () => {
    const theirs = editOf('dmarc', [['v=DMARC1; p=none'], ['v=DMARC1; p=reject']], { adopts: true })
    const zone = zoneOf([changeOf(['TXT', '_dmarc.example.com.'], theirs)], { owned: 10, removed: 5 })
    const text = renderPlanMarkdown(planOf({ zones: [zone] }))
    expect(readParts(text, 'blockquote')).toEqual([
      '[!WARNING]\n1 change would replace what mailsync did not write; apply asks for --adopt.' +
        'In 1 zone much of what mailsync owns would go; apply asks for --force.',
    ])
    expect(tablesOf(text)[0]?.[1]?.[4]).toContain('adopts what mailsync did not write: v=DMARC1; p=none')
  })

  test('has the manual steps as tasks, and what failed and is wrong', () => {
    const text = renderPlanMarkdown(
      planOf({
        manual: [{ what: 'set the PTR of 192.0.2.10', why: 'receivers look it up', where: line(9) }],
        failures: [
          { zone: 'example.net.', provider: 'bind', code: 'timeout', message: 'no answer', hint: 'is it up?' },
        ],
        keys: [{ domain: 'example.com.', selector: 's1', algorithm: 'ed25519', where: line(3) }],
        problems: [{ rule: 'spf-all', severity: 'warning', message: 'ends in ?all', hint: 'use ~all', where: line(4) }],
      }),
    )
    expect(readParts(text, 'heading').slice(1)).toEqual([
      'Failed; nothing is written there',
      'DKIM keys that will be generated',
      'To do by hand',
      'Problems',
    ])
    expect(readParts(text, 'listItem')).toEqual([
      'example.net. at bind: timeout no answer\nis it up?',
      's1._domainkey.example.com. ed25519 (mailsync.yaml:3)',
      'set the PTR of 192.0.2.10 (mailsync.yaml:9)\nbecause receivers look it up',
      'warning mailsync.yaml:4:5 ends in ?all (spf-all)\nuse ~all',
    ])
    expect(text).toContain('\n- [ ] set the PTR')
  })

  test('is short when there is nothing to do', () => {
    expect(renderPlanMarkdown(planOf({ unchanged: 2 }))).toBe(
      '### mailsync plan\n\n**Nothing to do: 2 zones are as the spec wants.**\n',
    )
  })

  test('is found again by its marker, and links to the whole plan', () => {
    const artifactUrl = 'https://github.com/o/r/actions/runs/1?x=(y)'
    const text = renderPlanMarkdown(planOf(), { marker: 'mailsync:default', artifactUrl })
    expect(text.startsWith('<!-- mailsync:default -->\n')).toBe(true)
    expect(nodesOf(parseGfm(text), 'link').map(({ url }) => url)).toEqual([
      'https://github.com/o/r/actions/runs/1?x=%28y%29',
    ])
  })

  test('folds what is long: many changes in a zone, or many zones', () => {
    const many = zoneOf(Array.from({ length: 11 }, () => mail))
    expect(renderPlanMarkdown(planOf({ zones: [many] }))).toContain('<details><summary>11 changes</summary>')
    expect(renderPlanMarkdown(planOf({ zones: [zoneOf([mail])] }))).not.toContain('<details>')
    const zones = Array.from({ length: 6 }, () => zoneOf([mail]))
    expect(renderPlanMarkdown(planOf({ zones }))).toContain('<details><summary>1 change</summary>')
  })

  test('leaves out from the end what has no room, counts it, and says where it is', () => {
    const zones = Array.from({ length: 2_000 }, (_, index) =>
      zoneOf([mail, spf], { zone: `z${index}.example.` as Name }),
    )
    const text = renderPlanMarkdown(planOf({ zones }), { artifactUrl: 'https://example.com/plan' })
    expect(text.length).toBeLessThanOrEqual(65_000)
    expect(text.length).toBeGreaterThan(60_000)
    const rows = tablesOf(text).flatMap((table) => table.slice(1)).length
    const [, left, whole] = /\*\*([\d,]+) changes had no room here, ([\d,]+) whole zones/.exec(text) ?? []
    expect(Number(left?.replace(',', ''))).toBe(4_000 - rows)
    expect(Number(whole?.replace(',', ''))).toBe(2_000 - Math.ceil((rows + 1) / 2))
    expect(text).toContain('[The whole plan](https://example.com/plan)')
    expect(renderPlanMarkdown(planOf({ zones }))).toContain('`mailsync plan` shows them all.')
  })

  test('has room for the zones beside thousands of problems and steps', () => {
    const problems = Array.from({ length: 5_000 }, (_, index) => ({
      rule: 'ptr-differs',
      severity: 'warning' as const,
      message: 'x'.repeat(200),
      where: line(index + 1),
    }))
    const manual = problems.map(({ message }) => ({ what: message, why: message }))
    const text = renderPlanMarkdown(planOf({ zones: [zoneOf([mail])], problems, manual }))
    expect(text.length).toBeLessThanOrEqual(65_000)
    expect(tablesOf(text)[0]).toHaveLength(2)
    expect(text.slice(-30)).toMatch(/\n- and 4,9\d\d more\n$/)
  })

  test('is not filled by one value', () => {
    const huge = changeOf(
      ['TXT', 'example.com.'],
      editOf('spf', [[`v=spf1 ${'x'.repeat(60_000)}`], ['v=spf1 -all']], { adopts: true }),
    )
    const text = renderPlanMarkdown(planOf({ zones: [zoneOf([huge, mail])] }))
    expect(tablesOf(text)[0]).toHaveLength(3)
    expect(text).toContain('and 58,007 characters more')
  })
})
