import { context } from '@actions/github'

/** The pull request that a run is about. */
export interface PullRequest {
  readonly number: number
  /** The commit that is proposed; empty where the event does not name it. */
  readonly headSha: string
}

/** A repository, as the API takes it. */
export interface Repository {
  readonly owner: string
  readonly repo: string
}

/** Why the runner started this run, and where people can look at it. */
export interface RunEvent {
  readonly repository: Repository
  readonly pullRequest: PullRequest | undefined
  /** The branch that the run is on; undefined where it is on none, as for a tag or a pull request. */
  readonly branch: string | undefined
  /** Of a push: the commit that the branch was at before; zeros for a branch that is new. */
  readonly before: string | undefined
  /**
   * The run is about a branch of another repository, or of one that the event does not name: what it has checked out may be
   * anybody's, so it must get at no secret, however it was started.
   */
  readonly isFork: boolean
  /** The page of this run. */
  readonly runUrl: string
}

interface FullName {
  readonly full_name?: string
}

/** Reads the event of this run from what the runner tells. */
export function readEvent(): RunEvent {
  const { payload, repo, serverUrl, runId, eventName, ref } = context
  const pull = payload.pull_request ?? (payload.issue?.pull_request && payload.issue)
  const ownName = `${repo.owner}/${repo.repo}`
  return {
    repository: repo,
    pullRequest: pull && {
      number: pull.number,
      headSha: pull.head?.sha ?? '',
    },
    branch: /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1],
    before: eventName === 'push' && typeof payload.before === 'string' ? payload.before : undefined,
    isFork: headsOf(eventName, payload).some((head) => head?.full_name?.toLowerCase() !== ownName.toLowerCase()),
    runUrl: `${serverUrl}/${ownName}/actions/runs/${runId}`,
  }
}

/**
 * Events that may be about a commit of anybody and do not say whose it is. A `deployment` even checks it out by itself: GitHub
 * has the commits of every fork's pull request in the repository too.
 */
const UNSAID: ReadonlySet<unknown> = new Set(['check_run', 'check_suite', 'deployment', 'deployment_status', 'status'])
/** Of these a run says more than is left to tell a run that follows it. */
const UNSAID_AFTER: ReadonlySet<unknown> = new Set([...UNSAID, 'issue_comment', 'pull_request_target', 'workflow_run'])

/**
 * The repositories whose branches a run may be about, undefined for one that is gone or not named: of a pull request
 * (`pull_request`, `pull_request_target` and its reviews), of the run before it (`workflow_run`), of the pull request below
 * which somebody wrote (`issue_comment`, whose event does not say where the branch is). As documented in 2026-11 at
 * https://docs.github.com/en/actions/reference/events-that-trigger-workflows
 */
function headsOf(
  eventName: string,
  { pull_request, workflow_run, issue }: typeof context.payload,
): (FullName | null | undefined)[] {
  return [
    ...(UNSAID.has(eventName) ? [undefined] : []),
    ...(pull_request ? [pull_request.head?.repo] : []),
    ...(workflow_run ? [UNSAID_AFTER.has(workflow_run.event) ? undefined : workflow_run.head_repository] : []),
    ...(issue?.pull_request ? [undefined] : []),
  ]
}
