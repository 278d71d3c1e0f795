import { groupBy } from '../../../records/group.js'
import { escapeHtml } from '../../render/inert.js'
import { CHECKS, type Check } from '../check.js'
import { countVerdicts, hasFailed, type VerifyReport } from '../report.js'
import { UNSEEN } from './summary.js'

/** As CI systems read it: a suite a topic, a case a check; what could not be found out is skipped, a warning is a case that passes. */
export function renderVerifyJunit({ checks }: VerifyReport): string {
  const suites = [...groupBy(checks, ({ id }) => CHECKS[id].topic)].map(([topic, list]) => suite(topic, list))
  const isUnseen = hasFailed(checks) && countVerdicts(checks).fail === 0
  const head = `<testsuites name="mailsync verify" ${counts(checks, isUnseen)}>`
  const failed = isUnseen ? [UNSEEN_SUITE] : []
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...failed, ...suites, '</testsuites>', ''].join('\n')
}

function counts(checks: readonly Check[], isUnseen = false): string {
  const { fail, unknown } = countVerdicts(checks)
  const more = isUnseen ? 1 : 0
  return `tests="${checks.length + more}" failures="${fail + more}" skipped="${unknown}"`
}

/** CI systems take a file in which all is skipped for a success. */
const UNSEEN_SUITE = `  <testsuite name="the run" ${counts([], true)}>
    <testcase classname="run" name="somebody answers"><failure message="${UNSEEN}">${UNSEEN}</failure></testcase>
  </testsuite>`

function suite(topic: string, checks: readonly Check[]): string {
  return [
    `  <testsuite name="${escapeHtml(topic)}" ${counts(checks)}>`,
    ...checks.map(testCase),
    '  </testsuite>',
  ].join('\n')
}

function testCase({ id, subject, asked, verdict, seen, todo, explained }: Check): string {
  const head = `    <testcase classname="${escapeHtml(id)}" name="${escapeHtml(`${subject.name}: ${asked}`)}"`
  const text = escapeHtml([seen, ...(todo === undefined ? [] : [`To do: ${todo}`]), explained].join('. '))
  switch (verdict) {
    case 'fail':
      return `${head}><failure message="${escapeHtml(seen)}">${text}</failure></testcase>`
    case 'unknown':
      return `${head}><skipped message="${text}"/></testcase>`
    case 'warn':
      return `${head}><system-out>warning: ${text}</system-out></testcase>`
    case 'pass':
      return `${head}/>`
  }
}
