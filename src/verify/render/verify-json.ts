import { jsonText } from '../../render/json/json-text.js'
import { countVerdicts, type VerifyReport } from '../report.js'

/** Everything that was checked, as one document. */
export function renderVerifyJson({ checks, domains }: VerifyReport): string {
  return jsonText({ format: 'mailsync-verify', version: 1, counts: countVerdicts(checks), checks, domains })
}
