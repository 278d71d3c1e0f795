import type { AddressView } from '../../../conformance/live/address-view.js'
import type { Leftover } from '../../../conformance/live/live-run.js'
import type { ZoneView } from '../../../conformance/live/zone-view.js'
import type { CaseReport } from '../../../conformance/run-cases.js'
import { version } from '../../cli/version.js'

/** What a run of the conformance suite was, and what came of it. */
export interface ConformanceRun {
  readonly class: string
  readonly views: readonly ZoneView[]
  readonly addresses?: AddressView | undefined
  /** Keys of what a killed run had left, now gone. */
  readonly cleared: readonly string[]
  readonly reports: readonly CaseReport[]
  /** How many cases there are. */
  readonly total: number
  /** Why some were not run. */
  readonly halted: string | undefined
  readonly leftovers: readonly Leftover[]
}

/** How many cases ended in a way. */
export function countOf({ reports }: ConformanceRun, outcome: CaseReport['outcome']): number {
  return reports.filter((report) => report.outcome === outcome).length
}

export function conformanceJson(run: ConformanceRun): object {
  const { views, addresses, cleared, reports, total, halted, leftovers } = run
  return {
    format: 'mailsync-conformance',
    version: 1,
    mailsync: version,
    class: run.class,
    zones: views.map(({ zone, at, apex, below }) => ({ zone: at, suite: zone, apex, below })),
    ...(addresses && {
      addresses: [...addresses.addresses].map(([suite, address]) => ({ address, suite, namesBelow: addresses.name })),
    }),
    total,
    passed: countOf(run, 'passed'),
    failed: countOf(run, 'failed'),
    rejected: countOf(run, 'rejected'),
    skipped: countOf(run, 'skipped'),
    ...(halted === undefined ? {} : { stopped: halted }),
    cases: reports,
    cleared,
    left: leftovers,
  }
}
