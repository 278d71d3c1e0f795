import { randomUUID } from 'node:crypto'
import { MailsyncError } from '../../records/error.js'
import { joinName, type Name } from '../../records/rr/name.js'
import type { Connection } from '../dns/connection.js'
import { exchange, parsing, type Reply } from '../dns/exchange.js'
import { CLASS, OPCODE, SOA, TYPE_CODES } from '../dns/message.js'
import { openConnection } from '../dns/open-connection.js'
import { RCODE } from '../dns/rcode.js'
import type { DnsServer } from '../dns/server.js'
import { serverText } from '../dns/server.js'
import { encodeOwner } from '../dns/wire-name.js'
import { decodeRdata, encodeRdata } from '../dns/wire-rdata.js'
import type { ZoneCheck } from '../provider.js'
import { failureOf } from './errors.js'

/**
 * Asks for the name servers, and sends an UPDATE that deletes a value which nobody has, at the name of mailsync's manifest.
 * BIND and Knot check the key's rights on that name and type first, then find nothing to delete and leave zone, serial and
 * journal as they are (BIND 9.18.49 and Knot 3.2.6, 2026-11).
 */
export async function checkZone(server: DnsServer, zone: Name, signal: AbortSignal): Promise<ZoneCheck> {
  const connection = await openConnection(server, signal)
  try {
    const nameServers = await nameServersOf(server, connection, zone, signal)
    const reply = await tryUpdate(server, connection, zone, signal)
    const unsigned = server.key ? [] : ['no TSIG key is configured, so nothing protects the messages from being forged']
    if (reply.message.rcode === RCODE.NOERROR) return { writable: 'yes', nameServers, remarks: unsigned }
    const failure = await failureOf(server, zone, 'write', reply)
    if (failure.code !== 'permission' && failure.apiCode !== 'NOTIMP') throw failure
    const remark = [failure.message, failure.hint].filter((text) => text !== undefined).join('; ')
    return { writable: 'no', nameServers, remarks: [remark, ...unsigned] }
  } finally {
    connection.close()
  }
}

async function nameServersOf(
  server: DnsServer,
  connection: Connection,
  zone: Name,
  signal: AbortSignal,
): Promise<Name[]> {
  const question = { opcode: OPCODE.QUERY, name: zone, type: TYPE_CODES.NS }
  const reply = await exchange(server, connection, question, signal)
  const { message } = reply
  if (message.rcode !== RCODE.NOERROR) {
    const failure = await failureOf(server, zone, 'read', reply)
    if (failure.code === 'authentication') throw failure
  }
  const answers = message.answers.filter(({ name, type }) => name === zone && type === TYPE_CODES.NS)
  if (message.authoritative && answers.length > 0)
    return parsing(server, () => answers.map((record) => decodeRdata('NS', record) as Name)).sort()
  throw new MailsyncError('zone-not-found', `${serverText(server)} does not serve the zone ${zone}`, {
    hint: 'check the name of the zone, and that `host` is its primary server',
    where: { zone },
  })
}

function tryUpdate(server: DnsServer, connection: Connection, zone: Name, signal: AbortSignal): Promise<Reply> {
  const nobodys = {
    owner: encodeOwner(joinName('_mailsync', zone), zone),
    type: TYPE_CODES.TXT,
    class: CLASS.NONE,
    ttl: 0,
    rdata: encodeRdata('TXT', `mailsync check ${randomUUID()}`),
  }
  return exchange(server, connection, { opcode: OPCODE.UPDATE, name: zone, type: SOA, updates: [nobodys] }, signal)
}
