import { jsonText } from '../../render/json/json-text.js'
import { countVerdicts, type VerifyReport } from '../report.js'

/** Everything that was checked, as one document; of a shard with what tells it from those of others. */
export function renderVerifyJson(report: VerifyReport): string {
  return jsonText({ format: 'mailsync-verify', version: 1, counts: countVerdicts(report.checks), ...report })
}
