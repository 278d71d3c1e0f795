import type { Repository } from '../event.js'
import { createOnce, NOT_REPEATED } from './create-once.js'
import { explainGitHub } from './explain-github.js'
import type { GitHub } from './github.js'
import { ownTexts } from './own-text.js'

export interface DriftIssue {
  readonly marker: string
  readonly title: string
  /** Markdown that holds the marker. */
  readonly body: string
}

/** Keeps one issue open about the drift: opens it, or puts the new text into the one that is open. Doubles are closed. */
export async function openDriftIssue(github: GitHub, place: Repository, issue: DriftIssue): Promise<void> {
  const { title, body, marker } = issue
  await explained(async () => {
    const [first, ...doubles] = await find(github, place, marker)
    if (first === undefined)
      return createOnce(
        () => github.rest.issues.create({ ...place, title, body, request: NOT_REPEATED }),
        async () => (await find(github, place, marker)).length > 0,
      )
    await github.rest.issues.update({ ...place, issue_number: first.number, title, body })
    for (const { number } of doubles)
      await github.rest.issues.update({ ...place, issue_number: number, state: 'closed', state_reason: 'duplicate' })
  })
}

/** Closes the issue about the drift, if one is open, and says why. */
export async function closeDriftIssue(
  github: GitHub,
  place: Repository,
  { marker, reason }: { readonly marker: string /** Markdown. */; readonly reason: string },
): Promise<void> {
  await explained(async () => {
    for (const { number } of await find(github, place, marker)) {
      await github.rest.issues.createComment({ ...place, issue_number: number, body: reason })
      await github.rest.issues.update({ ...place, issue_number: number, state: 'closed', state_reason: 'completed' })
    }
  })
}

/** The open issues with the marker, oldest first. GitHub lists pull requests among issues. */
async function find(github: GitHub, place: Repository, marker: string) {
  const listed = await github.paginate(github.rest.issues.listForRepo, {
    ...place,
    state: 'open',
    sort: 'created',
    direction: 'asc',
    per_page: 100,
  })
  return ownTexts(
    github,
    listed.filter((issue) => issue.pull_request === undefined),
    marker,
  )
}

async function explained(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw explainGitHub(error, {
      what: 'keep an issue about the drift',
      permissions: ['contents: read', 'issues: write'],
    })
  }
}
