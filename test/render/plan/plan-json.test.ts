import { expect, test } from 'vitest'
import { parsePlan } from '../../../src/plan/plan-schema.js'
import { renderPlanJson } from '../../../src/render/json/plan-json.js'
import { changeOf, editOf, manifestOf, planOf, rsaKey, zoneOf } from './plans.js'

const key = changeOf(['TXT', 's1._domainkey.example.com.'], editOf('dkim', [[], [`v=DKIM1; p=${rsaKey('a')}`]]))
const mx = changeOf(['MX', 'example.com.'], editOf('mx', [['10 a.example.'], ['10 b.example.']]))
const plan = planOf({ zones: [zoneOf([key, mx, manifestOf('v=mailsync1; owner=default; mx.MX=@')])] })

test('a saved plan is read back as it was, keys in full', () => {
  const text = renderPlanJson(plan)
  expect(parsePlan(JSON.parse(text))).toEqual(plan)
  expect(text).toContain(rsaKey('a'))
  expect(text.endsWith('}\n')).toBe(true)
})

test('equal plans are equal texts, in whatever order they were made', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, part]) => [name, turned(part)]),
    )
  }
  expect(Object.keys(turned(plan) as object)[0]).toBe('problems')
  expect(renderPlanJson(turned(plan) as typeof plan)).toBe(renderPlanJson(plan))
})

test('a plan that could not be read back is not written', () => {
  expect(() => renderPlanJson({ ...plan, secret: 'x' } as typeof plan)).toThrow(/secret/)
})
