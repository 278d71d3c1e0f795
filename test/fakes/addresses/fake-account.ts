import { type Address, isInNetwork, parseAddress } from '../../../records/rr/address.js'
import { addressAt } from '../../../records/rr/reverse.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { type FaultyReply, faultyReply, type HttpFault, isAfter, JSON_TYPE } from '../http-fault.js'
import { interceptAll, interceptNothing } from '../intercept-all.js'

/** One request that arrived. */
export interface FakeRequest {
  readonly method: string
  readonly host: string
  /** Decoded, below the root. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** As JSON or a form has it. */
  // biome-ignore lint/suspicious/noExplicitAny: what an adapter sends is looked at as an API would.
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
  /** As it was sent, for signatures. */
  readonly url: string
  readonly text: string
}

export interface FakeAnswer {
  readonly status: number
  readonly body?: object | string
  readonly headers?: Readonly<Record<string, string>>
}

export type Answering = (account: FakeAccount, request: FakeRequest) => FakeAnswer

/** Something that goes on after the reply that began it. */
export interface Operation {
  readonly id: string
  left: number
  error: string | undefined
  readonly effect: () => void
  isDone: boolean
}

/** The account that the conformance suite tries an address owner on. */
export const V4 = Array.from({ length: 10 }, (_, index) => `192.0.2.${index + 10}`)
export const V6 = '2001:db8:0:1::/64'

/**
 * An account with addresses behind nock, as one API shows it: `answer` is that API. It remembers PTRs, runs operations that
 * take their time, knows which names lead to which addresses, and lets requests go wrong.
 */
export class FakeAccount {
  readonly calls: FakeRequest[] = []
  /** By address; without the dot at the end, as somebody typed it. */
  readonly ptrs = new Map<string, string>()
  readonly operations: Operation[] = []
  /** Names that lead to an address; undefined: every name does. */
  forward: Map<string, string> | undefined
  /** Requests until an operation has ended. */
  duration = 1
  /** Why the next operation fails at its end. */
  failing: string | undefined
  /** Somebody else's operation runs: so many next writes are refused for it. */
  busy = 0
  /** What the credentials may not do, in the API's words; undefined: all is allowed. */
  denied: string | undefined
  isWrite = ({ method }: FakeRequest): boolean => method !== 'GET'
  readonly #faults: { readonly on: (request: FakeRequest) => boolean; readonly fault: HttpFault }[] = []

  constructor(origins: readonly string[], answer: Answering) {
    for (const origin of origins)
      interceptAll(origin, ({ method, url, body, headers }) =>
        this.#reply(answer, {
          method,
          host: url.hostname,
          path: url.pathname.split('/').slice(1).map(decodeURIComponent),
          query: url.searchParams,
          body: typeof body === 'string' ? Object.fromEntries(new URLSearchParams(body)) : body,
          headers,
          url: url.href,
          text: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      )
  }

  close(): void {
    interceptNothing()
  }

  owns(address: string): boolean {
    return V4.includes(address) || isInNetwork(address as Address, V6)
  }

  /** As somebody else's edit, or what there is from the beginning; a set without values gives the default back. */
  edit(rrsets: readonly RRset[]): void {
    for (const { name, rdata } of rrsets)
      this.set(addressAt(name) as string, (rdata[0] as string | undefined)?.slice(0, -1))
  }

  set(address: string, ptr: string | null | undefined): void {
    const canonical = parseAddress(address) as string
    if (ptr === null || ptr === undefined || ptr === '') this.ptrs.delete(canonical)
    else this.ptrs.set(canonical, ptr)
  }

  /** Whether a name leads to an address. */
  resolves(name: string, address: string): boolean {
    return this.forward === undefined || this.forward.get(name.replace(/\.$/, '')) === parseAddress(address)
  }

  begin(effect: () => void): Operation {
    const id = String(7000 + this.operations.length)
    const operation = { id, left: this.duration, error: undefined, effect, isDone: false }
    this.operations.push(operation)
    return operation
  }

  look(id: string): Operation | undefined {
    return this.operations.find((one) => one.id === id)
  }

  /** The next request of this kind goes wrong, once. */
  faultOn(on: (request: FakeRequest) => boolean, fault: HttpFault): void {
    this.#faults.push({ on, fault })
  }

  /** What was called, `GET primary_ips`, by the last part of the path that is a word. */
  what(): string[] {
    return this.calls.map(({ method, path }) => `${method} ${path.findLast((part) => /^[a-z_A-Z]+$/.test(part))}`)
  }

  /** Time goes by with the requests. */
  #passTime(): void {
    for (const operation of this.operations) {
      if (operation.isDone || operation.left-- > 0) continue
      operation.isDone = true
      operation.error = this.failing
      if (this.failing === undefined) operation.effect()
      this.failing = undefined
    }
  }

  #reply(answer: Answering, request: FakeRequest): FaultyReply {
    this.calls.push(request)
    const index = this.#faults.findIndex(({ on }) => on(request))
    const [found] = index < 0 ? [] : this.#faults.splice(index, 1)
    if (found && !isAfter(found.fault)) return faultyReply(found.fault)
    this.#passTime()
    const { status, body = '', headers = JSON_TYPE } = answer(this, request)
    return found ? faultyReply(found.fault) : { status, body, headers }
  }
}

/** A page of items, `page` and `per_page` as most APIs have them. */
export function pageOf<T>(items: readonly T[], number: number, size: number): readonly T[] {
  return items.slice((number - 1) * size, number * size)
}
