import { getOctokit } from '@actions/github'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'

/** GitHub's API with one token. */
export type GitHub = ReturnType<typeof getOctokit>

/** Longer waits are not worth a runner's minutes; the run fails and says so. */
const MAX_WAIT_S = 60
const MAX_TRIES = 3

/**
 * The API at `GITHUB_API_URL`. What GitHub could not do (5xx) is tried again, and a rate limit waited for as its headers
 * say, a minute at most.
 */
export function connectGitHub(token: string): GitHub {
  const isWorthIt = (seconds: number, _options: unknown, _octokit: unknown, tries: number): boolean =>
    seconds <= MAX_WAIT_S && tries < MAX_TRIES
  return getOctokit(
    token,
    { throttle: { onRateLimit: isWorthIt, onSecondaryRateLimit: isWorthIt }, log: SILENT },
    retry,
    throttling,
  )
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
