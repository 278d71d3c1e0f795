import { groupBy } from '../../../records/group.js'
import { escapeHtml } from '../../render/inert.js'
import { CHECKS, type Check } from '../check.js'
import { countVerdicts, type VerifyReport } from '../report.js'

/** As CI systems read it: a suite a topic, a case a check; what could not be found out is skipped, a warning is a case that passes. */
export function renderVerifyJunit({ checks }: VerifyReport): string {
  const suites = [...groupBy(checks, ({ id }) => CHECKS[id].topic)].map(([topic, list]) => suite(topic, list))
  const head = `<testsuites name="mailsync verify" ${counts(checks)}>`
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n')
}

function suite(topic: string, checks: readonly Check[]): string {
  return [
    `  <testsuite name="${escapeHtml(topic)}" ${counts(checks)}>`,
    ...checks.map(testCase),
    '  </testsuite>',
  ].join('\n')
}

function counts(checks: readonly Check[]): string {
  const { fail, unknown } = countVerdicts(checks)
  return `tests="${checks.length}" failures="${fail}" skipped="${unknown}"`
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
