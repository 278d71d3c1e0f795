import nock, { type ReplyFnResult } from 'nock'
import type { FaultyReply } from './http-fault.js'

/** What the client sent. */
export interface Intercepted {
  /** In capitals. */
  readonly method: string
  readonly url: URL
  readonly body: unknown
  readonly headers: Readonly<Record<string, unknown>>
}

/** Answers every request to an origin, and lets no request out of the process; undefined: no answer ever comes. */
export function interceptAll(origin: string, answer: (request: Intercepted) => FaultyReply): void {
  nock.disableNetConnect()
  for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const)
    nock(origin)
      .persist()
      [method](/.*/)
      .reply(function (uri, body, done) {
        const { headers } = this.req
        const reply = answer({ method: method.toUpperCase(), url: new URL(uri, origin), body, headers })
        if (reply === undefined) return
        if ('error' in reply) done(reply.error, [0])
        else done(null, [reply.status, reply.body, reply.headers] as ReplyFnResult)
      })
}

/** Ends all that {@link interceptAll} began, requests without an answer among it. */
export function interceptNothing(): void {
  nock.cleanAll()
  nock.abortPendingRequests()
}
