import { context } from '@actions/github'

/** The pull request that a run is about. */
export interface PullRequest {
  readonly number: number
  /** The commit that is proposed; empty where the event does not name it. */
  readonly headSha: string
  /** Its branch is in another repository: a run for it has no secrets, and must not get at any. */
  readonly isFork: boolean
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
  /** The page of this run. */
  readonly runUrl: string
}

interface Head {
  readonly sha?: string
  readonly repo?: { readonly full_name?: string } | null
}

/** Reads the event of this run from what the runner tells. A head repository that is gone is a fork too. */
export function readEvent(): RunEvent {
  const { payload, repo, serverUrl, runId } = context
  const pull = payload.pull_request
  const head: Head | undefined = pull?.head
  const ownName = `${repo.owner}/${repo.repo}`
  return {
    repository: repo,
    pullRequest: pull && {
      number: pull.number,
      headSha: head?.sha ?? '',
      isFork: head?.repo?.full_name?.toLowerCase() !== ownName.toLowerCase(),
    },
    runUrl: `${serverUrl}/${ownName}/actions/runs/${runId}`,
  }
}
