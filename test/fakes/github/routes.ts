import { GIT_ROUTES } from './git-routes.js'
import { PULL_ROUTES } from './pull-routes.js'
import type { FakeComment, FakeIssue, FakeRepository, FakeUser, Permissions } from './repository.js'

/** An answer of the API; a list is served in pages. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
}

export interface Request {
  readonly repository: FakeRepository
  readonly user: FakeUser
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  /** What the path's groups matched. */
  readonly parts: readonly string[]
}

export interface Route {
  readonly method: string
  readonly path: RegExp
  /** Any one of these suffices. */
  readonly needs: readonly (readonly [keyof Permissions, 'read' | 'write'])[]
  answer(request: Request): Answer
}

/** GitHub refuses longer texts (REST API 2022-11-28, seen 2026-11). */
const MAX_BODY = 65_536

export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/issues\/(\d+)\/comments$/,
    needs: [
      ['issues', 'read'],
      ['pull-requests', 'read'],
    ],
    answer: ({ repository, parts }) => ok(repository.commentsOf(Number(parts[0])).map(commentJson)),
  },
  {
    method: 'POST',
    path: /^\/issues\/(\d+)\/comments$/,
    needs: [
      ['issues', 'write'],
      ['pull-requests', 'write'],
    ],
    answer: ({ repository, user, parts, body }) => {
      const issue = repository.issues.find(({ number }) => number === Number(parts[0]))
      if (!issue) return NOT_FOUND
      if (issue.locked) return message(403, 'Unable to create comment because issue is locked.')
      return (
        tooLong(body) ?? {
          status: 201,
          body: commentJson(repository.addComment(issue.number, user.login, String(body.body))),
        }
      )
    },
  },
  {
    method: 'PATCH',
    path: /^\/issues\/comments\/(\d+)$/,
    needs: [
      ['issues', 'write'],
      ['pull-requests', 'write'],
    ],
    answer: ({ repository, parts, body }) => {
      const comment = repository.comments.find(({ id }) => id === Number(parts[0]))
      if (!comment) return NOT_FOUND
      const refused = tooLong(body)
      if (refused) return refused
      comment.body = String(body.body)
      return ok(commentJson(comment))
    },
  },
  {
    method: 'DELETE',
    path: /^\/issues\/comments\/(\d+)$/,
    needs: [
      ['issues', 'write'],
      ['pull-requests', 'write'],
    ],
    answer: ({ repository, parts }) => {
      const index = repository.comments.findIndex(({ id }) => id === Number(parts[0]))
      if (index < 0) return NOT_FOUND
      repository.comments.splice(index, 1)
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: /^\/issues$/,
    needs: [['issues', 'read']],
    answer: ({ repository, query }) => {
      const state = query.get('state') ?? 'open'
      const listed = repository.issues.filter((issue) => state === 'all' || issue.state === state)
      return ok((query.get('direction') === 'asc' ? listed : [...listed].reverse()).map(issueJson))
    },
  },
  {
    method: 'POST',
    path: /^\/issues$/,
    needs: [['issues', 'write']],
    answer: ({ repository, user, body }) => {
      if (!repository.hasIssues) return message(410, 'Issues has been disabled in this repository.')
      const refused = tooLong(body)
      if (refused) return refused
      const issue = repository.addIssue({ title: String(body.title), user: user.login, body: String(body.body) })
      return { status: 201, body: issueJson(issue) }
    },
  },
  {
    method: 'PATCH',
    path: /^\/issues\/(\d+)$/,
    needs: [['issues', 'write']],
    answer: ({ repository, parts, body }) => {
      const issue = repository.issues.find(({ number }) => number === Number(parts[0]))
      if (!issue) return NOT_FOUND
      const refused = tooLong(body)
      if (refused) return refused
      if (typeof body.title === 'string') issue.title = body.title
      if (typeof body.body === 'string') issue.body = body.body
      if (body.state === 'closed') Object.assign(issue, { state: 'closed', reason: body.state_reason ?? 'completed' })
      return ok(issueJson(issue))
    },
  },
  ...GIT_ROUTES,
  ...PULL_ROUTES,
  {
    method: 'GET',
    path: /^\/commits\/([0-9a-f]+)\/pulls$/,
    needs: [['pull-requests', 'read']],
    answer: ({ repository, parts }) =>
      ok(
        repository.merged
          .filter(({ mergeSha }) => mergeSha === parts[0])
          .map(({ number, headSha, mergeSha }) => ({
            number,
            merge_commit_sha: mergeSha,
            merged_at: '2026-11-22T00:00:00Z',
            head: { sha: headSha },
          })),
      ),
  },
  {
    method: 'GET',
    path: /^\/actions\/workflows\/([^/]+)\/runs$/,
    needs: [['actions', 'read']],
    answer: ({ repository, parts, query }) => {
      const wanted = { headSha: query.get('head_sha'), event: query.get('event'), conclusion: query.get('status') }
      const runs = repository.runs.filter(
        (run) =>
          run.workflow === parts[0] &&
          (['headSha', 'event', 'conclusion'] as const).every((key) => (wanted[key] ?? run[key]) === run[key]),
      )
      return ok({ total_count: runs.length, workflow_runs: runs.reverse().map(({ id }) => ({ id })) })
    },
  },
  {
    method: 'GET',
    path: /^\/actions\/runs\/(\d+)\/artifacts$/,
    needs: [['actions', 'read']],
    answer: ({ repository, parts, query }) => {
      const artifacts = repository.artifacts.filter(
        ({ run, name }) => run === Number(parts[0]) && (query.get('name') ?? name) === name,
      )
      return ok({
        total_count: artifacts.length,
        artifacts: artifacts.map(({ name, expired }) => ({ name, expired })),
      })
    },
  },
]

export const NOT_FOUND = message(404, 'Not Found')

export function message(status: number, text: string): Answer {
  return { status, body: { message: text, documentation_url: 'https://docs.github.com/rest', status: String(status) } }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function tooLong(body: Readonly<Record<string, unknown>>): Answer | undefined {
  if (typeof body.body !== 'string' || body.body.length <= MAX_BODY) return undefined
  return message(422, `Validation Failed: body is too long (maximum is ${MAX_BODY} characters)`)
}

function commentJson({ id, user, body }: FakeComment): unknown {
  return { id, body, user: { login: user } }
}

function issueJson({ number, user, title, body, state, isPullRequest }: FakeIssue): unknown {
  return { number, title, body, state, user: { login: user }, ...(isPullRequest ? { pull_request: { url: '' } } : {}) }
}
