import type { FakeRepository } from './repository.js'
import type { Answer, Route } from './routes.js'

/** The calls below `/git`, with which a commit is made without a checkout (docs.github.com/rest/git, read 2026-11). */
export const GIT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/git\/ref\/heads(?:\/|%2F)(.+)$/,
    needs: [['contents', 'read']],
    answer: ({ repository, parts }) => refAnswer(repository, decodeURIComponent(parts[0] ?? ''), 200),
  },
  {
    method: 'GET',
    path: /^\/git\/commits\/([0-9a-f]{40})$/,
    needs: [['contents', 'read']],
    answer: ({ repository, parts }) => commitAnswer(repository, parts[0] ?? '', 200),
  },
  {
    method: 'POST',
    path: /^\/git\/trees$/,
    needs: [['contents', 'write']],
    answer: ({ repository, body }) => {
      const base = repository.trees.get(String(body.base_tree))
      const entries = body.tree as readonly { readonly path: string; readonly content: string }[]
      if (!base) return { status: 422, body: { message: 'base_tree is not a valid tree' } }
      const files = new Map([...base, ...entries.map(({ path, content }) => [path, content] as const)])
      return { status: 201, body: { sha: repository.addTree(files) } }
    },
  },
  {
    method: 'POST',
    path: /^\/git\/commits$/,
    needs: [['contents', 'write']],
    answer: ({ repository, body }) => {
      if (!repository.trees.has(String(body.tree))) return { status: 422, body: { message: 'Tree SHA does not exist' } }
      const { sha } = repository.addCommit(String(body.tree), body.parents as string[], String(body.message))
      return commitAnswer(repository, sha, 201)
    },
  },
  {
    method: 'POST',
    path: /^\/git\/refs$/,
    needs: [['contents', 'write']],
    answer: ({ repository, body }) => {
      const branch = String(body.ref).replace(/^refs\/heads\//, '')
      if (repository.branches.has(branch)) return { status: 422, body: { message: 'Reference already exists' } }
      repository.branches.set(branch, String(body.sha))
      return refAnswer(repository, branch, 201)
    },
  },
  {
    method: 'PATCH',
    path: /^\/git\/refs\/heads(?:\/|%2F)(.+)$/,
    needs: [['contents', 'write']],
    answer: ({ repository, parts, body }) => {
      const branch = decodeURIComponent(parts[0] ?? '')
      const old = repository.branches.get(branch)
      const commit = repository.commits.get(String(body.sha))
      if (old === undefined || !commit) return { status: 422, body: { message: 'Reference does not exist' } }
      if (body.force !== true && !commit.parents.includes(old))
        return { status: 422, body: { message: 'Update is not a fast forward' } }
      repository.branches.set(branch, commit.sha)
      return refAnswer(repository, branch, 200)
    },
  },
]

function refAnswer(repository: FakeRepository, branch: string, status: number): Answer {
  const sha = repository.branches.get(branch)
  if (sha === undefined) return { status: 404, body: { message: 'Not Found' } }
  return { status, body: { ref: `refs/heads/${branch}`, object: { type: 'commit', sha } } }
}

function commitAnswer(repository: FakeRepository, sha: string, status: number): Answer {
  const commit = repository.commits.get(sha)
  if (!commit) return { status: 404, body: { message: 'Not Found' } }
  const { tree, parents, message } = commit
  return { status, body: { sha, message, tree: { sha: tree }, parents: parents.map((parent) => ({ sha: parent })) } }
}
