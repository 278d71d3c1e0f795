import { MailsyncError } from '../../../records/error.js'
import { bugMessage } from '../../failure.js'
import { SpecErrors } from '../../problem.js'
import { jsonText } from './json-text.js'

/** What went wrong as one JSON document, for `--format json`. A bug is told by its message alone. */
export function renderErrorJson(error: unknown): string {
  return jsonText({ format: 'mailsync-error', version: 1, ...detailsOf(error) })
}

function detailsOf(error: unknown): object {
  if (error instanceof SpecErrors) return { code: 'spec', message: error.message, problems: error.problems }
  if (error instanceof MailsyncError) {
    const { code, message, where, hint, apiCode } = error
    return { code, message, where, hint, apiCode }
  }
  return { code: 'bug', message: bugMessage(error) }
}
