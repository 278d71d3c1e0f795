import { MailsyncError } from '../../records/error.js'
import type { Connection } from './connection.js'
import { openConnection } from './open-connection.js'
import type { DnsServer } from './server.js'

/**
 * Connections to one server that are used again, one exchange after the other (RFC 7766 §6.2.1). Not several at once over one
 * of them (§6.2.1.1): 400 signed transfers took the same CPU over one connection with eight in flight as over eight with one
 * each, mostly more time, and BIND 9.18 answered some of those in flight with errors (2026-11; Knot 3.2 none).
 */
export interface Connections {
  /**
   * Does work that may be done twice over a connection: where one that was used before turns out to be closed, or silent
   * from the beginning, the work begins anew over one of its own.
   */
  use<Result>(signal: AbortSignal, work: (connection: Connection) => Promise<Result>): Promise<Result>
  /** Does work that must not be done twice, over a connection that is new. It takes the place of one that rests: PowerDNS takes 20 clients. */
  useNew<Result>(signal: AbortSignal, work: (connection: Connection) => Promise<Result>): Promise<Result>
  close(): void
}

export function connectionsTo(server: DnsServer): Connections {
  const resting: Connection[] = []
  let isReused = true

  const over = async <Result>(connection: Connection, work: (one: Connection) => Promise<Result>): Promise<Result> => {
    let isWhole = false
    try {
      const result = await work(connection)
      isWhole = true
      return result
    } finally {
      if (isWhole && isReused && connection.rest()) resting.push(connection)
      else connection.close()
    }
  }
  const useNew: Connections['useNew'] = async (signal, work) => {
    resting.pop()?.close()
    return over(await openConnection(server, signal), work)
  }
  return {
    useNew,
    use: async (signal, work) => {
      for (let used = resting.pop(); used !== undefined; used = resting.pop()) {
        if (!used.wake()) continue
        const before = used.received()
        try {
          return await over(used, work)
        } catch (error) {
          const isSilent = error instanceof MailsyncError && used.received() === before
          if (!isSilent || !['unavailable', 'timeout'].includes(error.code)) throw error
          // A server that takes one question a connection says nothing to the second.
          isReused &&= error.code !== 'timeout'
          break
        }
      }
      return useNew(signal, work)
    },
    close: () => {
      isReused = false
      for (const connection of resting.splice(0)) connection.close()
    },
  }
}
