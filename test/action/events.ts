import type { Step } from './runner.js'

type Event = Step['event']

const REPOSITORY = { full_name: 'acme/dns', name: 'dns', owner: { login: 'acme' } }

/** A pull request of the repository itself, or from a fork. */
export function pullRequest(
  number: number,
  { headSha = 'a'.repeat(40), from = 'acme/dns' as string | null } = {},
): Event {
  const head = { sha: headSha, repo: from === null ? null : { full_name: from } }
  return {
    name: 'pull_request',
    payload: { action: 'opened', number, repository: REPOSITORY, pull_request: { number, head } },
  }
}

export function push(): Event {
  return { name: 'push', payload: { ref: 'refs/heads/main', repository: REPOSITORY } }
}

export function schedule(): Event {
  return { name: 'schedule', payload: { schedule: '23 3 * * *', repository: REPOSITORY } }
}
