import { displayName } from '../../../records/rr/name.js'
import type { Ramped } from '../../dmarc/ramp/ramp.js'
import { evidenceData } from '../../dmarc/ramp/ramp-file.js'
import type { ReadReports } from '../../dmarc/reports/read-reports.js'
import { instantText } from '../../instant.js'
import { jsonText } from './json-text.js'

/** What became of each domain. */
export function renderRampJson(ramped: readonly Ramped[], faults: ReadReports['faults'], dryRun: boolean): string {
  return jsonText({
    format: 'mailsync-dmarc-ramp',
    version: 1,
    dryRun,
    domains: ramped.map(({ name, goal, stage, next }) => ({
      domain: displayName(name),
      goal,
      stage,
      result: next.kind,
      to: 'to' in next ? next.to : null,
      wait:
        next.kind === 'wait'
          ? {
              reason: next.reason,
              until: next.until === undefined ? null : instantText(next.until),
              shown: next.shown?.map((policy) => policy ?? null) ?? null,
            }
          : null,
      evidence: 'evidence' in next && next.evidence ? evidenceData(next.evidence) : null,
    })),
    faults: faults.map(({ label, reason }) => ({ file: label, reason })),
  })
}
