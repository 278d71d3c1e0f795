import type { Repository } from '../event.js'
import { createOnce, NOT_REPEATED } from './create-once.js'
import { explainGitHub } from './explain-github.js'
import type { GitHub } from './github.js'
import { ownTexts } from './own-text.js'

interface Place extends Repository {
  readonly issue_number: number
}

interface Comment {
  readonly marker: string
  /** Markdown that holds the marker. */
  readonly body: string
}

/**
 * Keeps one comment on a pull request: writes it, or puts the new text into the one that is there. What two runs at once
 * may have left double is deleted.
 *
 * Throws {@link MailsyncError}: `permission` where the token may not, `rate-limited`, `unavailable`.
 */
export async function keepComment(github: GitHub, place: Place, { marker, body }: Comment): Promise<void> {
  const { owner, repo } = place
  try {
    const [first, ...doubles] = await find(github, place, marker)
    if (first === undefined)
      return await createOnce(
        () => github.rest.issues.createComment({ ...place, body, request: NOT_REPEATED }),
        async () => (await find(github, place, marker)).length > 0,
      )
    await github.rest.issues.updateComment({ owner, repo, comment_id: first.id, body })
    for (const { id } of doubles) await github.rest.issues.deleteComment({ owner, repo, comment_id: id })
  } catch (error) {
    throw explainGitHub(error, {
      what: 'comment on the pull request',
      permissions: ['contents: read', 'pull-requests: write'],
    })
  }
}

/** Oldest first. */
async function find(github: GitHub, place: Place, marker: string) {
  const comments = await github.paginate(github.rest.issues.listComments, { ...place, per_page: 100 })
  return ownTexts(github, comments, marker)
}
