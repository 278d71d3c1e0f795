import { isIP } from 'node:net'
import { cut } from '../records/cut.js'
import { MailsyncError } from '../records/error.js'
import type { Sent } from './write-batches.js'

/** Octets of one reply. The largest page of a listing takes a quarter of it. */
const REPLY_LIMIT = 64 * 2 ** 20
/** Records or zones of one listing, far above every provider's own quota. */
const LISTING_LIMIT = 200_000
/** Pages of one listing: those that many entries take at 50 a page, the smallest page there is. */
const PAGE_LIMIT = LISTING_LIMIT / 50
/**
 * Seconds that one connection waits altogether because replies ask it to (`Retry-After`): two windows of Cloudflare's rate
 * limit, the longest of those that are documented (2026-11).
 */
const PATIENCE = 600

/**
 * What one attempt at a call came to: `unsent`, it never left this machine; `refused`, a 4xx; `over`, a whole reply that
 * something failed: maybe it was done, but nothing more will happen; `open`, none came, or one of a gateway that gave up
 * waiting, and the API may be working still.
 */
export type Attempt = 'unsent' | 'refused' | 'over' | 'open'

/** Statuses of proxies, Cloudflare's own among them, that no longer wait for what is behind them. */
const GIVEN_UP: ReadonlySet<number> = new Set([408, 504, 522, 524])
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** By the status of its whole reply, or, where none came, by the system's own code. */
export function attemptOf(status: number | undefined, code = ''): Attempt {
  if (status === undefined) return NEVER_SENT.has(code) ? 'unsent' : 'open'
  if (status < 400 || GIVEN_UP.has(status)) return 'open'
  return status < 500 ? 'refused' : 'over'
}

/** Whether one of some attempts may have been done, or may still be; undefined where all were refused or never sent. */
function doubtAfter(attempts: readonly Attempt[]): 'open' | 'over' | undefined {
  return (['open', 'over'] as const).find((kind) => attempts.includes(kind))
}

/**
 * What became of a batch that failed. An SDK repeats one whose reply was lost and then meets its own work, so a refusal is
 * the last word only where each earlier attempt had an answer.
 *
 * @param isAboutZone whether the reason of a refusal may be what the zone holds
 */
export function sentOf(
  failure: MailsyncError,
  attempts: readonly Attempt[],
  { isRefused, isAboutZone }: { readonly isRefused: boolean; readonly isAboutZone: boolean },
): Sent {
  const earlier = doubtAfter(attempts.slice(0, -1))
  if (isRefused && (earlier || isAboutZone)) return { kind: 'refused', failure, earlier }
  if (isRefused || attempts.every((attempt) => attempt === 'unsent')) return { kind: 'unsent', failure }
  return { kind: 'lost', failure, over: !attempts.includes('open') }
}

/** How long replies may still make a run wait. */
export interface Patience {
  /** Whether the run waits so many seconds from now; if not, it is told how long it would have been. */
  waits(seconds: number): boolean
}

/** Waits at the same time count once. `now` is in milliseconds. */
export function patience(now: () => number = Date.now): Patience {
  let left = PATIENCE
  let until = 0
  return {
    waits: (seconds) => {
      const from = now() / 1000
      const more = from + seconds - Math.max(from, until)
      if (!(more <= left)) return false
      left -= Math.max(more, 0)
      until = Math.max(until, from + seconds)
      return true
    },
  }
}

/** Seconds that a `Retry-After` header names, as a number or as a date (RFC 9110 §10.2.3); undefined where it names none. */
export function retryAfterSeconds(header: string | null | undefined, now = Date.now()): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined
  const seconds = Number(header)
  const wait = Number.isNaN(seconds) ? (Date.parse(header) - now) / 1000 : seconds
  return Number.isNaN(wait) ? undefined : Math.max(0, Math.ceil(wait))
}

/** A reply that is larger than {@link REPLY_LIMIT}. */
function endlessReply(who: string): MailsyncError {
  return new MailsyncError('unavailable', `${who} sent more than ${REPLY_LIMIT / 2 ** 20} MiB in one reply`, {
    hint: 'look for a proxy in between; a reply of the API is never so long',
  })
}

/** What the pages of a listing have given so far; bounded, whatever a reply announces or sends. */
export class Listing<T> {
  readonly items: T[] = []
  readonly #who: string
  #pages = 0

  constructor(who: string) {
    this.#who = who
  }

  /** Throws where there is more than any listing has. `announced`: how many items the reply says there are on all pages. */
  add(page: readonly T[], announced = 0): void {
    this.#pages += 1
    if (Math.max(this.items.length + page.length, announced) > LISTING_LIMIT || this.#pages > PAGE_LIMIT)
      throw new MailsyncError('unavailable', `${this.#who} lists more than ${LISTING_LIMIT} entries`, {
        hint: 'look for a proxy in between; mailsync reads no listing so long',
      })
    for (const item of page) this.items.push(item)
  }
}

/** What a body holds; throws {@link endlessReply} where it is more than a reply can be. */
export async function wholeBody(chunks: AsyncIterable<Uint8Array>, who: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let octets = 0
  for await (const chunk of chunks) {
    octets += chunk.length
    if (octets > REPLY_LIMIT) throw endlessReply(who)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** Throws where credentials would go to another machine in the clear. `from`: what says so, for the user to change. */
export function requireSecure(url: URL, from: string): void {
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return
  throw new MailsyncError(
    'authentication',
    `${from} is ${url.protocol}//${url.host}, which would carry credentials in the clear`,
    {
      hint: 'use https:; plain http: only goes to this machine itself',
    },
  )
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** A provider's own words, short enough for one message. */
export function shortened(text: string): string {
  return cut(text, 300)
}
