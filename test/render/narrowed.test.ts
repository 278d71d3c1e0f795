import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.js'
import { parsePlan } from '../../src/plan/plan-schema.js'
import { renderPlanJson } from '../../src/render/json/plan-json.js'
import { renderPlanMarkdown } from '../../src/render/markdown/plan-markdown.js'
import { renderPlanText } from '../../src/render/text/plan-text.js'
import { summary } from '../../src/report/summary.js'
import { textOf } from '../report/html-text.js'
import { planOf } from './plans.js'

const commit = '0123456789abcdef0123456789abcdef01234567'
const since = { by: 'since', value: 'HEAD~1', commit, notLookedAt: 9999 } as const
const plan = planOf({ unchanged: 1, narrowed: [since] })

function shown(narrowed: NonNullable<Plan['narrowed']>, unchanged = 1): string {
  return renderPlanText(planOf({ unchanged, narrowed }), { colour: false })
}

describe('a plan that did not look at every zone says so', () => {
  test('in text', () => {
    expect(shown([since])).toBe(`Nothing to do: 1 zone is as the spec wants.
9,999 zones were not looked at: their desired records are as in HEAD~1 (0123456). What others changed there is not seen.
`)
  })

  test('in Markdown', () => {
    expect(renderPlanMarkdown(plan)).toContain(
      '9,999 zones were not looked at: their desired records are as in `HEAD~1` (`0123456`).',
    )
  })

  test('in the report, which says of nothing else that it is as wanted', () => {
    const text = textOf(String(summary(plan)))
    expect(text).toContain('What was looked at is as the spec wants it. 1 zone needs nothing.')
    expect(text).toContain('9,999 zones were not looked at: their desired records are as in HEAD~1 (0123456).')
  })

  test('as data, which a saved plan keeps', () => {
    expect(parsePlan(JSON.parse(renderPlanJson(plan)))).toEqual(plan)
  })

  test('where no zone differs, and where all of them do', () => {
    expect(shown([since], 0)).toContain('Nothing to do: no zone had to be looked at.')
    expect(shown([{ ...since, notLookedAt: 1 }])).toContain('1 zone was not looked at: its desired records are as in')
    expect(shown([{ ...since, notLookedAt: 0 }])).toContain(
      'No zone was left out: what the spec wants of each differs from HEAD~1 (0123456).',
    )
  })

  test('whatever the revision is called', () => {
    expect(shown([{ ...since, value: 'a\u001b[31mb' }])).toContain('as in a\\x1b[31mb (0123456)')
  })
})
