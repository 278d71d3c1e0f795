import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { mergeReports } from '../../../src/fleet/shards/merge/merge-reports.js'
import { type Check, judge, ofHost, type Verdict } from '../../../src/verify/check.js'

const HOST = judge('mx-target', ofHost('mx.hosts.example.' as Name), 'mx.hosts.example. A').pass('198.51.100.25')

test.each<[Verdict[], Verdict]>([
  [['unknown', 'pass'], 'pass'],
  [['pass', 'fail'], 'fail'],
  [['warn', 'unknown'], 'warn'],
])('what shards see of one host as %j is told once, as %s', (verdicts, told) => {
  const seenAs = (verdict: Verdict): Check => ({ ...HOST, verdict })
  const reports = verdicts.map((verdict) => ({ checks: [seenAs(verdict)], domains: [] }))
  expect(mergeReports(reports).checks).toEqual([seenAs(told)])
})
