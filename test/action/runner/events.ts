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
    ref: `refs/pull/${number}/merge`,
    payload: { action: 'opened', number, repository: REPOSITORY, pull_request: { number, head } },
  }
}

/** A run after another one, which had the branch of this repository. */
export function workflowRun(from: string | null, event = 'pull_request'): Event {
  const head_repository = from === null ? null : { full_name: from }
  return {
    name: 'workflow_run',
    payload: { repository: REPOSITORY, workflow_run: { event, head_repository } },
  }
}

/** Somebody wrote below a pull request. The event does not say whose branch it is about. */
export function comment(number: number): Event {
  return { name: 'issue_comment', payload: { repository: REPOSITORY, issue: { number, pull_request: { url: '' } } } }
}

/** Something about a commit, which may be that of a fork's pull request: GitHub has it in the repository too. */
export function aboutCommit(name: 'check_run' | 'check_suite' | 'deployment' | 'deployment_status' | 'status'): Event {
  const sha = 'a'.repeat(40)
  return { name, payload: { repository: REPOSITORY, sha, [name]: { sha, head_sha: sha } } }
}

export function push(): Event {
  return { name: 'push', payload: { ref: 'refs/heads/main', repository: REPOSITORY } }
}

export function schedule(): Event {
  return { name: 'schedule', payload: { schedule: '23 3 * * *', repository: REPOSITORY } }
}
