import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FakeRepository, type FakeUser, type Permissions } from './repository.js'
import { type Answer, message, NOT_FOUND, ROUTES } from './routes.js'

/** One request that arrived. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}

/** What goes wrong with a request. `cut-after`: GitHub acts on it, and the reply is lost. */
export type Fault =
  | 'cut-before'
  | 'cut-after'
  | { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }

const REPOSITORY = 'acme/dns'

/** The API of GitHub on loopback: permissions by token, pages with `Link`, rate limits and faults as a test sets them. */
export class GitHubFake {
  readonly calls: Call[] = []
  readonly repository = new FakeRepository(REPOSITORY)
  readonly #users = new Map<string, FakeUser>()
  readonly #server: Server
  /** Consulted for every request, the first being number 1. */
  fault: (call: Call, number: number) => Fault | undefined = () => undefined

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async start(): Promise<GitHubFake> {
    const fake = new GitHubFake()
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** A token of a job with these `permissions:`; a second call with the same name gives it others. */
  token(permissions: Permissions, { name = 'job', login = 'github-actions[bot]' } = {}): string {
    const token = `ghs_${name}0123456789abcdef`
    this.#users.set(token, { login, permissions })
    return token
  }

  /** `GET /issues` and the like, in order. */
  lines(): string[] {
    return this.calls.map(({ method, path }) => `${method} ${path.replace(`/repos/${REPOSITORY}`, '')}`)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const body = JSON.parse((await textOf(request)) || '{}') as Record<string, unknown>
    const call = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams }
    this.calls.push(call)
    const fault = this.fault(call, this.calls.length)
    if (fault === 'cut-before') return void response.destroy()
    if (typeof fault === 'object') return send(response, message(fault.status, fault.text), fault.headers)
    const user = this.#users.get((request.headers.authorization ?? '').replace(/^(token|bearer) /i, ''))
    const answer = user ? this.#answer(call, user, body) : message(401, 'Bad credentials')
    if (fault === 'cut-after') return void response.destroy()
    if (Array.isArray(answer.body)) return sendPage(response, answer.body, url, this.url)
    send(response, answer, 'needs' in answer ? { 'x-accepted-github-permissions': String(answer.needs) } : {})
  }

  #answer(call: Call, user: FakeUser, body: Record<string, unknown>): Answer & { needs?: string } {
    const { method, path, query } = call
    if (method === 'POST' && path === '/graphql')
      return { status: 200, body: { data: { viewer: { login: user.login } } } }
    const prefix = `/repos/${this.repository.name}`
    if (!path.startsWith(`${prefix}/`)) return NOT_FOUND
    for (const route of ROUTES) {
      const match = route.path.exec(path.slice(prefix.length))
      if (!match || route.method !== method) continue
      if (route.needs.some(([name, level]) => mayDo(user.permissions, name, level)))
        return route.answer({ repository: this.repository, user, query, body, parts: match.slice(1) })
      const needs = route.needs.map(([name, level]) => `${name.replace('-', '_')}=${level}`).join('; ')
      return { ...message(403, 'Resource not accessible by integration'), needs }
    }
    return NOT_FOUND
  }
}

function mayDo(permissions: Permissions, name: keyof Permissions, level: 'read' | 'write'): boolean {
  return permissions[name] === 'write' || permissions[name] === level
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

function sendPage(response: ServerResponse, all: readonly unknown[], url: URL, base: string): void {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100)
  const page = Number(url.searchParams.get('page') ?? 1)
  const next = new URL(url.pathname + url.search, base)
  next.searchParams.set('page', String(page + 1))
  const headers = page * size < all.length ? { link: `<${next.href}>; rel="next"` } : {}
  send(response, { status: 200, body: all.slice((page - 1) * size, page * size) }, headers)
}

function send(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}
