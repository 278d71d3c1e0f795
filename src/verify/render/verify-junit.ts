import { groupBy } from '../../../records/group.js'
import { escapeHtml } from '../../render/inert.js'
import { CHECKS, type Check } from '../check.js'
import { countVerdicts, type VerifyReport } from '../report.js'
import { runFaults } from './summary.js'

/** As CI systems read it: a suite a topic, a case a check; what could not be found out is skipped, a warning is a case that passes. */
export function renderVerifyJunit(report: VerifyReport): string {
  const { checks } = report
  const suites = [...groupBy(checks, ({ id }) => CHECKS[id].topic)].map(([topic, list]) => suite(topic, list))
  const faults = runFaults(report)
  const head = `<testsuites name="mailsync verify" ${counts(checks, faults.length)}>`
  const failed = faults.length > 0 ? [suiteOfRun(faults)] : []
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...failed, ...suites, '</testsuites>', ''].join('\n')
}

function counts(checks: readonly Check[], more = 0): string {
  const { fail, unknown } = countVerdicts(checks)
  return `tests="${checks.length + more}" failures="${fail + more}" skipped="${unknown}"`
}

/** CI systems take a file in which all is skipped for a success. */
function suiteOfRun(faults: readonly string[]): string {
  const cases = faults.map((fault) => {
    const text = escapeHtml(fault)
    return `    <testcase classname="run" name="${text}"><failure message="${text}">${text}</failure></testcase>`
  })
  return [`  <testsuite name="the run" ${counts([], faults.length)}>`, ...cases, '  </testsuite>'].join('\n')
}

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
