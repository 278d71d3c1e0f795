import type { Repository } from '../event.js'
import { createOnce, NOT_REPEATED } from './create-once.js'
import { explainGitHub } from './explain-github.js'
import type { GitHub } from './github.js'

/** Files that are to be changed by a pull request of mailsync's own. */
export interface Proposal {
  /** The branch that is mailsync's alone: what others put there is taken away. */
  readonly branch: string
  readonly title: string
  /** By path in the repository, with `/`. */
  readonly files: ReadonlyMap<string, string>
}

/** Where it goes: the branch that the run is on. */
export interface Target extends Repository {
  readonly base: string
}

/**
 * Keeps one pull request open with the proposed files on top of the base as it is now: opens it, or puts the new files and
 * text into the one that is open. Where the base has the files already, it is closed. Nothing in the checkout is needed, and no
 * commit is made that changes nothing.
 *
 * @param body Markdown
 */
export async function propose(github: GitHub, target: Target, proposal: Proposal, body: string): Promise<void> {
  const { base, ...place } = target
  const { branch, title } = proposal
  try {
    const isNews = await pushBranch(github, target, proposal)
    const head = { head: `${place.owner}:${branch}`, base }
    const find = async () => (await github.rest.pulls.list({ ...place, ...head, state: 'open' })).data[0]
    const pull = await find()
    if (!isNews) {
      if (pull) await github.rest.pulls.update({ ...place, pull_number: pull.number, state: 'closed' })
      return
    }
    if (pull) await github.rest.pulls.update({ ...place, pull_number: pull.number, title, body })
    else
      await createOnce(
        () => github.rest.pulls.create({ ...place, head: branch, base, title, body, request: NOT_REPEATED }),
        async () => (await find()) !== undefined,
      )
  } catch (error) {
    throw explainGitHub(error, {
      what: `propose the change of ${[...proposal.files.keys()].join(', ')}`,
      permissions: ['contents: write', 'pull-requests: write'],
    })
  }
}

/** Puts the files on the branch; false where the base has them already. A branch that has just that is left as it is. */
async function pushBranch(github: GitHub, { base, ...place }: Target, { branch, title, files }: Proposal) {
  const { git } = github.rest
  const parent = (await git.getRef({ ...place, ref: `heads/${base}` })).data.object.sha
  const before = (await git.getCommit({ ...place, commit_sha: parent })).data.tree.sha
  const entries = [...files].map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    content,
  }))
  const tree = (await git.createTree({ ...place, base_tree: before, tree: entries })).data.sha
  if (tree === before) return false
  const now = await headOf(github, place, branch)
  if (now?.tree === tree && now.parents.includes(parent)) return true
  const commit = (await git.createCommit({ ...place, message: title, tree, parents: [parent] })).data.sha
  if (now) await git.updateRef({ ...place, ref: `heads/${branch}`, sha: commit, force: true })
  else await git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: commit })
  return true
}

/** The commit at the head of a branch; undefined where there is no such branch. */
async function headOf(github: GitHub, place: Repository, branch: string) {
  const { git } = github.rest
  try {
    const { sha } = (await git.getRef({ ...place, ref: `heads/${branch}` })).data.object
    const { tree, parents } = (await git.getCommit({ ...place, commit_sha: sha })).data
    return { tree: tree.sha, parents: parents.map((parent) => parent.sha) }
  } catch (error) {
    if ((error as { status?: number }).status === 404) return undefined
    throw error
  }
}
