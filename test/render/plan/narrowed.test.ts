import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { parsePlan } from '../../../src/plan/plan-schema.js'
import { renderPlanJson } from '../../../src/render/json/plan-json.js'
import { renderPlanMarkdown } from '../../../src/render/markdown/plan-markdown.js'
import { summary } from '../../../src/report/summary.js'
import { textOf } from '../../report/html-text.js'
import { planOf } from './plans.js'
import { renderPlanText } from './render-plan.js'

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

describe('a plan of zones that were looked at through DNS says so', () => {
  const zone = (name: string, rest: object) => ({ zone: `${name}.` as never, provider: 'dns', ...rest })
  const observe = { by: 'observe', value: 'dns', asWanted: 9998, unchanged: 0, asked: [], silent: [] } as const
  const line = (more: object): string => shown([{ ...observe, ...more }], 9998).split('\n')[1] ?? ''

  test('how many are as wanted, and by what that is known', () => {
    const rest = 'What others have there, and what a provider locks or makes up, is not seen that way.'
    expect(line({})).toBe(`9,998 zones were looked at through DNS only and are as wanted. ${rest}`)
    expect(line({ unchanged: 9000 })).toContain('and are as wanted (9,000 of them by the serial alone). ')
    expect(line({ unchanged: 9998 })).toContain('and are as wanted (by the serial alone). ')
    expect(line({ asWanted: 1 })).toContain('1 zone was looked at through DNS only and is as wanted. ')
    expect(line({ asWanted: 0 })).toBe('No zone was seen through DNS to be as wanted.')
  })

  test('which were left to their providers, and why', () => {
    const differs = { why: 'differs', message: 'a.example. MX is not as the spec wants it', confirmed: true } as const
    const unseen = { why: 'unseen', message: 'no name server answers for it' } as const
    expect(line({ asked: [zone('a.example', differs)] })).toMatch(
      / 1 zone differs there, and its provider was asked\.$/,
    )
    const asked = [
      zone('a.example', { ...differs, confirmed: false }),
      zone('b.example', differs),
      ...['c', 'd', 'e'].map((name) => zone(`${name}.example`, unseen)),
    ]
    expect(line({ asked })).toMatch(
      / 2 zones differ there, and their providers were asked\. 1 zone is as wanted at the provider all the same: a\.example\. \(a\.example\. MX is not as the spec wants it\)\. 3 zones could not be seen there, and their providers were asked: c\.example\. \(no name server answers for it\) and 2 more\.$/,
    )
  })

  test('which name servers were silent', () => {
    const silent = [{ server: 'ns2.example.', zones: 500, message: 'ns2.example. (192.0.2.2 port 53) does not answer' }]
    expect(line({ silent })).toMatch(
      / ns2\.example\. \(192\.0\.2\.2 port 53\) does not answer; 500 zones were seen at other name servers\.$/,
    )
  })

  test('as data, which a saved plan keeps, and in Markdown and the report', () => {
    const seen = planOf({ unchanged: 9998, narrowed: [observe] })
    expect(parsePlan(JSON.parse(renderPlanJson(seen)))).toEqual(seen)
    for (const text of [renderPlanMarkdown(seen), textOf(String(summary(seen)))])
      expect(text).toContain('9,998 zones were looked at through DNS only and are as wanted.')
  })
})
