import { cut } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'

/** What was tried, in words, and the entries below `permissions:` that the job needs. */
export interface Attempt {
  readonly what: string
  readonly permissions: readonly string[]
}

/** Of what GitHub says, which may be a page of HTML. */
const MOST_CHARACTERS = 500

interface ApiFailure extends Error {
  readonly status: number
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> }
}

/** A failure of GitHub's API as a sentence with what to do; anything else as it is. */
export function explainGitHub(error: unknown, attempt: Attempt): unknown {
  if (!isApiFailure(error)) return error
  const { code, hint } = explanationOf(error, attempt)
  return new MailsyncError(code, `GitHub refuses to ${attempt.what}: ${cut(error.message, MOST_CHARACTERS)}`, {
    hint,
    apiCode: String(error.status),
    cause: error,
  })
}

function isApiFailure(error: unknown): error is ApiFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
}

function explanationOf(
  { status, message, response }: ApiFailure,
  { permissions }: Attempt,
): { code: MailsyncError['code']; hint: string } {
  const headers = response?.headers ?? {}
  if (status === 429 || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message))
    return { code: 'rate-limited', hint: 'run the job again later' }
  if (status === 401)
    return { code: 'authentication', hint: 'github-token has expired or is wrong; leave it out to use the job’s own' }
  if (status === 403 && /locked/i.test(message))
    return { code: 'permission', hint: 'unlock the conversation, or give the pull request a new one' }
  if (status === 403 && /not permitted to create/i.test(message))
    return {
      code: 'permission',
      hint: 'turn on "Allow GitHub Actions to create and approve pull requests" in the settings of the repository, below Actions, General',
    }
  if (status === 403 || status === 404)
    return {
      code: 'permission',
      hint: `the token may not; add to the job in the workflow:\n    permissions:${permissions.map((one) => `\n      ${one}`).join('')}`,
    }
  if (status === 410)
    return { code: 'rejected', hint: 'turn on issues in the settings of the repository, or set issue: false' }
  if (status >= 500) return { code: 'unavailable', hint: 'run the job again later' }
  return { code: 'rejected', hint: 'if it is not plain what to do, please report it with the line above' }
}
