import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { PlannedManualStep } from '../../../src/plan/plan.js'
import { renderPlanMarkdown } from '../../../src/render/markdown/plan-markdown.js'
import { unbrokenLines } from '../../../src/render/text/plan/steps-text.js'
import { print, wrapped } from '../../../src/render/text/print.js'
import { stepsSection } from '../../../src/report/steps.js'
import { nodesOf, parseGfm, readText, tablesOf } from '../gfm.js'
import { changeOf, editOf, line, manifestOf, planOf, rsaKey, zoneOf } from './plans.js'
import { renderPlanText } from './render-plan.js'

const KEY = `v=DKIM1; k=rsa; p=${rsaKey('mark')}`
const PIECES = [KEY.slice(0, 255), KEY.slice(255)]

const dkim: PlannedManualStep = {
  what: 'add a key',
  why: 'the spec asks for it',
  where: line(9),
  zone: 'example.com.' as Name,
  provider: 'panel',
  entries: [{ do: 'add', host: 's1._domainkey', type: 'TXT', value: KEY, pieces: PIECES, ttl: 3600 }],
}
const mx: PlannedManualStep = {
  ...dkim,
  entries: [
    {
      do: 'change',
      host: '@',
      type: 'MX',
      priority: 10,
      value: 'mail.example.com',
      was: { priority: 5, value: 'mail.example.com.example.com' },
      beside: 1,
    },
  ],
  remarks: [{ rule: 'relative-target', message: 'the target has example.com twice', hint: 'end it with a dot' }],
}
const spf: PlannedManualStep = {
  ...dkim,
  entries: [{ do: 'remove', host: '@', type: 'TXT', value: 'v=spf1 -all', beside: 2 }],
}
const waiting = (host: string): PlannedManualStep => ({
  ...dkim,
  entries: [{ do: 'add', host, type: 'A', value: '192.0.2.1', ttl: 300 }],
  waits: ['ns2.example.net'],
  remarks: [{ rule: 'seen-in-part', message: 'ns1 shows it, ns2 not yet', hint: 'wait' }],
})

const change = changeOf(['TXT', 's1._domainkey.example.com.'], editOf('dkim', [[], [KEY]]))
const memory = manifestOf('v=mailsync1; owner=default; dkim.TXT=s1._domainkey')
const zone = zoneOf([change, memory], { provider: 'panel', byHand: true, memory: 'owned/panel/example.com.yaml' })
const plan = (...manual: PlannedManualStep[]) => planOf({ zones: [zone], manual })

describe('steps for a person on a terminal', () => {
  test('are a field a line, with what is changed and what stays', () => {
    expect(
      renderPlanText(plan(mx, spf), { colour: false }),
    ).toBe(`example.com.  panel  (no API: enter this by hand, in this order)
  1. Change this record; leave the 1 other value there as it is  mailsync.yaml:9
     Host         @
     Type         MX
     Old priority 5
     Old value    mail.example.com.example.com
     Priority     10
     Value        mail.example.com
     ! the target has example.com twice
       end it with a dot

  2. Delete this record; leave the 2 other values there as they are  mailsync.yaml:9
     Host      @
     Type      TXT
     Value     v=spf1 -all

  · owned/panel/example.com.yaml    remembers 1 record as its own

Nothing for mailsync to write. 2 manual steps.
`)
  })

  test('have a long value in one line, and in pieces, that no terminal breaks', () => {
    const shown: string[] = []
    const output = { write: (text: string) => void shown.push(text), isTerminal: true, colour: false, columns: 40 }
    const made = plan(dkim, mx)
    print(output, renderPlanText(made, { ...output, width: 40 }), unbrokenLines(made))
    const lines = shown.join('').split('\n')
    for (const whole of [KEY, ...PIECES]) expect(lines).toContain(whole)
    const others = lines.filter((text) => ![KEY, ...PIECES].includes(text))
    expect(Math.max(...others.map((text) => text.length))).toBeLessThanOrEqual(40)
  })

  test('that wait for the same servers are told once', () => {
    const text = renderPlanText(plan(waiting('mail'), waiting('mx'), dkim), { colour: false })
    expect(text.match(/ns2 not yet/g)).toHaveLength(1)
    expect(text).toContain(
      '  2. Wait; there is nothing to enter  mailsync.yaml:9\n     mx A 192.0.2.1\n     ! ns1 shows it',
    )
    expect(text).not.toContain('Value     192.0.2.1')
  })
})

describe('steps with internationalised names', () => {
  const host = 'xn------eddbodbb6ac5bmfbaide0acfmt8jte'
  const made = plan({
    ...mx,
    entries: [
      { do: 'add', host, type: 'A', value: '192.0.2.1', ttl: 300 },
      { do: 'add', host: '@', type: 'MX', priority: 10, value: `${host}.xn--h32bq4v.example` },
      { do: 'add', host: 'xn--hk3b17f', type: 'TXT', value: 'v=spf1 include:xn--h32bq4v.example -all' },
    ],
    remarks: [
      { rule: 'other', message: 'xn--h32bq4v.example has another', hint: 'mailsync plan --zone xn--h32bq4v.example' },
    ],
  })

  test('have what is entered in ASCII and alone in its line, and below it in Unicode', () => {
    const text = renderPlanText(made, { colour: false, width: 200 })
    const below = ' '.repeat('     Host      '.length)
    for (const shown of [
      `     Host      ${host}\n${below}(почтовый-сервер-номер-один)\n`,
      `     Value     ${host}.xn--h32bq4v.example\n${below}(почтовый-сервер-номер-один.메일.example)\n`,
      `     Host      xn--hk3b17f\n${below}(서버)\n`,
      `     Value     v=spf1 include:xn--h32bq4v.example -all\n${below}(메일.example)\n`,
      '     ! xn--h32bq4v.example (메일.example) has another',
      '       mailsync plan --zone xn--h32bq4v.example',
    ])
      expect(text).toContain(shown)
  })

  test('have it below where there is no room; a line to copy is the value alone', () => {
    const lines = wrapped(renderPlanText(made, { colour: false, isTerminal: true, width: 40 }), 40, unbrokenLines(made))
    expect(lines).toContain(
      `     Host      (38 characters: all of\n       the next line)\n${host}\n     (почтовый-сервер-номер-один)\n`,
    )
    expect(lines).toContain(`\n${host}.xn--h32bq4v.example\n     (почтовый-сервер-номер-один.메일.\n`)
    expect(lines).toContain('     Host      xn--hk3b17f\n               (서버)\n')
  })
})

describe('steps for a person on GitHub', () => {
  test('are tables, with long values in blocks that can be copied', () => {
    const text = renderPlanMarkdown(plan(dkim, mx))
    const [first, second] = tablesOf(text)
    expect(first?.[1]?.slice(0, 3)).toEqual(['add', 's1._domainkey', 'TXT'])
    expect(second?.[1]).toEqual(['change', '@', 'MX', '5 → 10', 'mail.example.com.example.com → mail.example.com', ''])
    expect(nodesOf(parseGfm(text), 'code').map(readText)).toEqual([KEY, PIECES.join('\n')])
    expect(text).toContain('#### To enter by hand: `example.com.` at `panel`')
  })

  test('that have no room are counted', () => {
    const text = renderPlanMarkdown(plan(...Array.from({ length: 90 }, () => dkim)), { limit: 8000 })
    expect(text.length).toBeLessThanOrEqual(8000)
    expect(text).toMatch(/\*\*8\d steps had no room here\.\*\* `mailsync plan` shows them all\./)
  })
})

describe('steps for a person on the page', () => {
  const fields = (step: PlannedManualStep): string[] =>
    String(stepsSection(plan(step)))
      .split('<tr')
      .slice(1)
      .map((row) =>
        row
          .split('</tr>')
          .slice(0, 1)
          .join('')
          .replace(/^[^>]*>/, '')
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      )

  test('have a button to copy each field that is entered', () => {
    expect(fields(mx)).toEqual([
      'Host @ Copy Copy host',
      'Type MX Copy Copy type',
      'Old priority 5',
      'Priority 10 Copy Copy priority',
      'Old value mail.example.com.example.com',
      'Value mail.example.com Copy Copy value',
    ])
    expect(fields(dkim).filter((row) => row.includes(PIECES[1] as string) && row.startsWith('or piece'))).toEqual([
      `or piece 2 of 2 ${PIECES[1]} Copy Copy or piece 2 of 2`,
    ])
    expect(fields(spf).join(' ')).not.toContain('Copy')
    expect(fields(waiting('mail')).join(' ')).not.toContain('Copy')
  })
})
