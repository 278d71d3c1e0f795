import type { Calls } from '../calls/calls.js'
import { monotonic } from '../clock.js'
import type { Connection } from './connection.js'
import { AXFR, HEADER_LENGTH, IXFR, OPCODE, SOA } from './message.js'
import { RCODE } from './rcode.js'

/** The connection, which tells of each request with the first answer to it, or with none. */
export function toldConnection(connection: Connection, calls: Calls): Connection {
  const open = new Map<number, { readonly what: string; readonly start: number }>()
  const end = (id: number, rcode?: number): void => {
    const request = open.get(id)
    if (request === undefined) return
    open.delete(id)
    const { what, start } = request
    calls.ended({ what, outcome: outcomeOf(rcode), attempt: 1, seconds: (monotonic() - start) / 1000 })
  }
  return {
    ...connection,
    send: (message) => {
      open.set(message.readUInt16BE(0), { what: whatIn(message), start: monotonic() })
      connection.send(message)
    },
    receive: async (signal) => {
      const message = await connection.receive(signal)
      end(message.readUInt16BE(0), message.readUInt8(3) & 0x0f)
      return message
    },
    rest: () => {
      for (const id of open.keys()) end(id)
      return connection.rest()
    },
    close: () => {
      for (const id of open.keys()) end(id)
      connection.close()
    },
  }
}

function outcomeOf(rcode: number | undefined) {
  if (rcode === undefined) return 'unanswered'
  if (rcode === RCODE.NOERROR) return 'ok'
  return rcode === RCODE.SERVFAIL ? 'failed' : 'refused'
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [AXFR, 'AXFR'],
  [IXFR, 'IXFR'],
  [SOA, 'SOA'],
])

/** `AXFR example.com.`, as the first question of a request has it (RFC 1035 §4.1.2); in one of ours no name is compressed. */
function whatIn(message: Buffer): string {
  const labels: string[] = []
  let at = HEADER_LENGTH
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  const isUpdate = ((message[2] ?? 0) >> 3) % 16 === OPCODE.UPDATE
  const type = message.length > at + 2 ? message.readUInt16BE(at + 1) : 0
  return `${isUpdate ? 'UPDATE' : (TYPES.get(type) ?? 'QUERY')} ${labels.join('.')}.`
}
