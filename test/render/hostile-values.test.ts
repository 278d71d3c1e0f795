import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import { renderPlanJson } from '../../src/render/json/plan-json.js'
import { renderPlanMarkdown } from '../../src/render/markdown/plan-markdown.js'
import { renderApplyText } from '../../src/render/text/apply-text.js'
import { renderError } from '../../src/render/text/faults/error-text.js'
import { renderProblems } from '../../src/render/text/faults/problems-text.js'
import { renderRefusals } from '../../src/render/text/plan/refusals-text.js'
import { nodesOf, parseGfm } from './gfm.js'
import { hostilePlan, hostileProblem, hostileResult, hostileText } from './hostile.js'
import { renderPlanText } from './plan/render-plan.js'
import { findCommand } from './runner.js'

const RUNS = { numRuns: 200 }

/** Lines with something in them that cannot be seen, or that the runner would obey. */
function armed(text: string): string[] {
  const seen = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]*$/u
  return text.split('\n').filter((line) => !seen.test(line) || findCommand(line))
}

function expectInert(render: (options: { colour: boolean }) => string): void {
  const text = render({ colour: false })
  expect(armed(text)).toEqual([])
  expect(stripVTControlCharacters(render({ colour: true })).replace(/ +$/gm, '')).toBe(text.replace(/ +$/gm, ''))
}

describe('whatever strangers wrote, on a terminal and in a log', () => {
  test('the plan is inert', () => {
    fc.assert(
      fc.property(hostilePlan, fc.boolean(), fc.integer({ min: 20, max: 200 }), (plan, verbose, width) => {
        expectInert(({ colour }) => renderPlanText(plan, { colour, verbose, width }))
      }),
      RUNS,
    )
  })

  test('what an apply did is inert', () => {
    fc.assert(
      fc.property(hostileResult, (result) => {
        expectInert((options) => renderApplyText(result, options))
      }),
      RUNS,
    )
  })

  test('problems, errors and refusals are inert', () => {
    fc.assert(
      fc.property(fc.array(hostileProblem), hostileText, hostileText, (problems, one, other) => {
        expectInert((options) => renderProblems(problems, options))
        const where = { file: one, line: 1, provider: other, zone: one, record: other }
        const error = new MailsyncError('rejected', one, { where, hint: other, apiCode: one })
        expectInert((options) => renderError(error, options))
        const refusal = { guard: 'adopt', zone: one, provider: other, message: one, hint: other } as const
        expectInert((options) => renderRefusals([refusal], options))
      }),
      RUNS,
    )
  })

  test('the JSON is inert, and is the plan', () => {
    fc.assert(
      fc.property(hostilePlan, (plan) => {
        const text = renderPlanJson(plan)
        expect(JSON.parse(text)).toEqual(plan)
        expect(armed(text)).toEqual([])
      }),
      RUNS,
    )
  })
})

describe('whatever strangers wrote, on GitHub', () => {
  const FORMS = [
    ...['root', 'heading', 'paragraph', 'blockquote', 'list', 'listItem', 'table', 'tableRow', 'tableCell'],
    ...['text', 'strong', 'inlineCode', 'code', 'html'],
  ]
  const MARKUP = /^(?:<details><summary>[\w ,]+<\/summary>|<\/details>|<br>|<!-- [^>]* -->)$/

  test('the comment has its own forms and no others, and every row of a table as many cells as its head', () => {
    fc.assert(
      fc.property(hostilePlan, hostileText, (plan, marker) => {
        const tree = parseGfm(renderPlanMarkdown(plan, { marker }))
        const forms = [...new Set(typesOf(tree))]
        expect(forms.filter((form) => !FORMS.includes(form))).toEqual([])
        for (const { value } of nodesOf(tree, 'html')) expect(value).toMatch(MARKUP)
        for (const { value } of nodesOf(tree, 'text'))
          expect(value?.replace('[!WARNING]', '')).not.toMatch(/[@#$|<>`*_~[\]\\/&=]/)
        for (const { children: [head, ...rows] = [] } of nodesOf(tree, 'table'))
          for (const row of rows) expect(row.children).toHaveLength(head?.children?.length ?? 0)
      }),
      RUNS,
    )
  })

  test('the comment never is longer than it may be', () => {
    fc.assert(
      fc.property(hostilePlan, fc.integer({ min: 4_000, max: 8_000 }), (plan, limit) => {
        const repeated = { ...plan, zones: [...plan.zones, ...plan.zones, ...plan.zones, ...plan.zones] }
        expect(renderPlanMarkdown(repeated, { limit }).length).toBeLessThanOrEqual(limit)
      }),
      RUNS,
    )
  })
})

function typesOf(node: ReturnType<typeof parseGfm>): string[] {
  return [node.type, ...(node.children ?? []).flatMap(typesOf)]
}
