import { randomUUID } from 'node:crypto'
import { MailsyncError } from '../../records/error.js'
import { joinName, type Name } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import type { Reply } from '../http/call.js'
import { notTheApi, refusalBehind, sentOfCall } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { Listing } from '../http/listing.js'
import type { Sent } from '../write-batches.js'
import type { Patch } from './batches.js'
import { isListedZone, isNativeZone, type NativeZone, nameOf, zoneId } from './convert.js'
import { DOING, explainWith, problemIn } from './errors.js'
import { originOf, type PowerdnsOptions } from './options.js'
import { type ServerFacts, serverFacts } from './server-facts.js'

/** The calls that the adapter makes. Each throws MailsyncError. */
export interface PowerdnsApi {
  /** The names of all zones. */
  zones(signal: AbortSignal): Promise<readonly Name[]>
  /**
   * A zone with all its RRsets, disabled records included. The API's own filter for one name leaves those out, and adds the
   * comments of others (4.7.3, verified 2026-11), so it is not used.
   */
  zone(name: Name, signal: AbortSignal): Promise<NativeZone>
  /** What the server can do, by its version. Asked once. */
  server(signal: AbortSignal): Promise<ServerFacts>
  /** One transaction, sent once; not stopped then. */
  patch(zone: Name, patches: readonly Patch[], server: ServerFacts): Promise<Sent>
}

/** Connects without a call. */
export function powerdnsApi(options: PowerdnsOptions, trying: Trying = {}): PowerdnsApi {
  const origin = originOf(options)
  const who = `PowerDNS at ${origin}`
  const api: JsonApi = {
    who,
    base: new URL(`${origin}/api/v1/servers/${options.serverId}`),
    baseFrom:
      '`host`, `port` and `scheme` of the provider, and `webserver-address` and `webserver-allow-from` of pdns.conf',
    headers: () => ({ 'x-api-key': options.apiKey }),
    problemIn,
    explain: explainWith(who, options.serverId),
    verifyCertificate: options.verifyCertificate,
  }
  const call = jsonClient(api, { timeout: options.timeout * 1000, ...trying })

  const server = once(async (signal: AbortSignal): Promise<ServerFacts> => {
    const { status, body } = await call({ doing: DOING.version, method: 'GET', path: [], signal })
    const { version } = (body ?? {}) as { readonly version?: unknown }
    if (typeof version !== 'string') throw notTheApi(api, status)
    return serverFacts(version)
  })

  const send = (zone: Name, patches: readonly Patch[], attempts: Attempt[] = []): Promise<Reply> =>
    call({
      doing: DOING.patch,
      method: 'PATCH',
      path: ['zones', zoneId(zone)],
      body: { rrsets: patches },
      attempts,
      again: false,
    })

  /**
   * Whether the server decodes what is escaped before it reads a content, so that each escape must be written twice: 5.1 would
   * store `"a\\b"` as `"a\b"`, which is `ab` (5.1.5, verified 2026-11). Asked once, by taking away a value that nobody has
   * and that such a server cannot read; nothing is changed by it.
   */
  const decodesTwice = once(async (zone: Name): Promise<boolean> => {
    const record = { content: `"mailsync asks how this is read: \\034 ${randomUUID()}"` }
    const name = joinName('_mailsync', zone)
    try {
      await send(zone, [{ name, type: 'TXT', changetype: 'PRUNE', ttl: 300, records: [record] }])
      return false
    } catch (error) {
      if (error instanceof MailsyncError && refusalBehind(error)?.status === 422) return true
      throw error
    }
  })

  return {
    zones: async (signal) => {
      const query = { dnssec: 'false' }
      const { status, body } = await call({ doing: DOING.zones, method: 'GET', path: ['zones'], query, signal })
      if (!Array.isArray(body) || !body.every(isListedZone)) throw notTheApi(api, status)
      requireBounded(who, body)
      // A name with two dots is a variant of a zone, for one of the views of 5.0.
      return body.flatMap(({ name }) => (name.includes('..') ? [] : [nameOf(name)]))
    },
    zone: async (zone, signal) => {
      const { status, body } = await call({
        doing: DOING.listing,
        method: 'GET',
        path: ['zones', zoneId(zone)],
        signal,
      }).catch(async (error: MailsyncError) => {
        // Where the API is not there at all, every path is unknown.
        if (error.code === 'zone-not-found') await server(signal)
        throw error.at({ zone })
      })
      if (!isNativeZone(body) || nameOf(body.name) !== zone) throw notTheApi(api, status)
      requireBounded(who, body.rrsets)
      return body
    },
    server,
    patch: async (zone, patches, { mayDecodeTwice }) => {
      const attempts: Attempt[] = []
      try {
        const isDoubled = mayDecodeTwice && patches.some(isEscaped) && (await decodesTwice(zone))
        const { status } = await send(zone, isDoubled ? patches.map(doubled) : patches, attempts)
        if (status === 204) return { kind: 'written' }
        return { kind: 'lost', failure: notTheApi(api, status), over: false }
      } catch (error) {
        if (error instanceof MailsyncError) return sentOfCall(error, attempts)
        throw error
      }
    },
  }
}

/** Asks once and remembers the answer, but no failure. */
function once<A, T>(ask: (about: A) => Promise<T>): (about: A) => Promise<T> {
  let answer: Promise<T> | undefined
  return (about) => {
    if (answer === undefined) {
      answer = ask(about)
      answer.catch(() => {
        answer = undefined
      })
    }
    return answer
  }
}

function requireBounded(who: string, items: readonly unknown[]): void {
  new Listing(who).add(items)
}

function isEscaped({ records = [] }: Patch): boolean {
  return records.some(({ content }) => content.includes('\\'))
}

/** Every escape written twice: `\"` as `\\\"`, `\195` as `\\195`. */
function doubled(patch: Patch): Patch {
  const records = patch.records?.map((record) => ({
    ...record,
    content: record.content.replace(/\\(.)/gs, (pair, char: string) => `\\\\${/["\\]/.test(char) ? pair : char}`),
  }))
  return { ...patch, ...(records ? { records } : {}) }
}
