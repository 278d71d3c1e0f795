import type { FakeProposal } from './repository.js'
import type { Route } from './routes.js'

/** The calls below `/pulls` (docs.github.com/rest/pulls/pulls, read 2026-11). */
export const PULL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/pulls$/,
    needs: [['pull-requests', 'read']],
    answer: ({ repository, query }) => ({
      status: 200,
      body: repository.proposals
        .filter(
          ({ head, base, state }) =>
            query.get('head') === `acme:${head}` && query.get('base') === base && query.get('state') === state,
        )
        .map(pullJson),
    }),
  },
  {
    method: 'POST',
    path: /^\/pulls$/,
    needs: [['pull-requests', 'write']],
    answer: ({ repository, body }) => {
      if (!repository.allowsProposals)
        return { status: 403, body: { message: 'GitHub Actions is not permitted to create or approve pull requests.' } }
      const { head, base, title } = body as { head: string; base: string; title: string }
      if (repository.proposals.some((one) => one.head === head && one.base === base && one.state === 'open'))
        return { status: 422, body: { message: `A pull request already exists for acme:${head}.` } }
      const number = 100 + repository.proposals.length
      const proposal: FakeProposal = { number, head, base, title, body: String(body.body), state: 'open' }
      repository.proposals.push(proposal)
      return { status: 201, body: pullJson(proposal) }
    },
  },
  {
    method: 'PATCH',
    path: /^\/pulls\/(\d+)$/,
    needs: [['pull-requests', 'write']],
    answer: ({ repository, parts, body }) => {
      const proposal = repository.proposals.find(({ number }) => number === Number(parts[0]))
      if (!proposal) return { status: 404, body: { message: 'Not Found' } }
      const { title, body: text, state } = body as Partial<FakeProposal>
      Object.assign(proposal, { ...(title && { title }), ...(text && { body: text }), ...(state && { state }) })
      return { status: 200, body: pullJson(proposal) }
    },
  },
]

function pullJson({ number, head, base, title, body, state }: FakeProposal): unknown {
  return { number, title, body, state, head: { ref: head }, base: { ref: base } }
}
