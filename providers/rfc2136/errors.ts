import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { Connection } from '../dns/connection.js'
import { exchange, type Reply } from '../dns/exchange.js'
import { OPCODE, SOA } from '../dns/message.js'
import { openConnection } from '../dns/open-connection.js'
import { RCODE, rcodeText } from '../dns/rcode.js'
import { type DnsServer, serverText } from '../dns/server.js'
import { FUDGE, TSIG_ERROR, type Tsig } from '../dns/tsig.js'
import type { TsigKey } from '../dns/tsig-key.js'

type Task = 'read' | 'write'

interface Refusal {
  readonly server: DnsServer
  readonly zone: Name
  readonly task: Task
  readonly rcode: number
  /** The TSIG record of the answer, if it has one. */
  readonly tsig: Tsig | undefined
  /** Whether the server was found to serve the zone all the same: to a question signed with the key, or only to an unsigned one. */
  readonly served: 'to-us' | 'unsigned' | undefined
}

/**
 * What an answer with an error code means. NOTAUTH says that the zone is not served, in Knot also that the acl refuses
 * (3.2.6, 2026-11). PowerDNS answers a wrong key, secret or clock, and a key without the right, with NOTAUTH or REFUSED, unsigned
 * and without a word about the key (4.7.3, 2026-11). So these cost one or two questions more: for the SOA of the zone, with the
 * key and without.
 */
export async function failureOf(
  server: DnsServer,
  zone: Name,
  task: Task,
  { message: { rcode }, tsig }: Reply,
): Promise<MailsyncError> {
  const isUnclear = !tsig?.error && (rcode === RCODE.NOTAUTH || (rcode === RCODE.REFUSED && server.key && !tsig))
  const { key, ...unsigned } = server
  const served = !isUnclear
    ? undefined
    : (await isServed(server, zone))
      ? 'to-us'
      : key && (await isServed(unsigned, zone))
        ? 'unsigned'
        : undefined
  return replyFailure({ server, zone, task, rcode, tsig, served })
}

async function isServed(server: DnsServer, zone: Name): Promise<boolean> {
  let connection: Connection | undefined
  try {
    connection = await openConnection(server, new AbortController().signal)
    const { message } = await exchange(server, connection, { opcode: OPCODE.QUERY, name: zone, type: SOA })
    return message.authoritative && message.answers.some(({ name, type }) => name === zone && type === SOA)
  } catch {
    return false
  } finally {
    connection?.close()
  }
}

/** What an answer with an error code means, and what to do about it. */
function replyFailure(refusal: Refusal): MailsyncError {
  const { server, zone, task, rcode, tsig, served } = refusal
  if (tsig && tsig.error !== 0) return keyFailure(refusal, tsig)
  const who = serverText(server)
  const apiCode = rcodeText(rcode)
  const fail = (code: MailsyncError['code'], what: string, hint: string): MailsyncError =>
    new MailsyncError(code, `${who} ${what} (${apiCode})`, { hint, apiCode, where: { zone } })
  if (server.key && served === 'unsigned') return keyIgnored(refusal, server.key)
  const doing = task === 'read' ? `transfer ${zone}` : `update ${zone}`
  if (rcode === RCODE.REFUSED || served) return fail('permission', `refuses to ${doing}`, permissionHint(refusal))
  switch (rcode) {
    case RCODE.NOTAUTH:
      return fail(
        'zone-not-found',
        `does not serve the zone ${zone}`,
        'check the name of the zone, and that `host` is its primary server; a zone must exist before it can be updated',
      )
    case RCODE.NOTIMP:
      return fail(
        'rejected',
        `does not know how to ${doing}`,
        'switch zone transfers and dynamic updates on in the server',
      )
    case RCODE.FORMERR:
      return fail(
        'rejected',
        `does not understand the request to ${doing}`,
        'see the server’s log; it may not know TSIG',
      )
    case RCODE.NOTZONE:
      return fail('rejected', `says that a name is outside ${zone}`, 'declare the zone that holds the name')
    case RCODE.SERVFAIL:
      return fail(
        'unavailable',
        `failed to ${doing}`,
        task === 'read'
          ? 'see the server’s log: the zone is not loaded or has expired'
          : 'see the server’s log: it cannot write its journal, or a limit on records is reached (BIND: max-records-per-type)',
      )
    default:
      return fail('rejected', `would not ${doing}`, 'see the server’s log')
  }
}

function permissionHint({ server, task }: Refusal): string {
  if (!server.key) return 'no TSIG key is configured: set key_name and key_secret'
  const { name } = server.key
  const key = name.slice(0, -1)
  return task === 'read'
    ? `let the key ${key} transfer the zone: allow-transfer { key "${key}"; }; in BIND, an acl with action [transfer, update] in Knot, the metadata TSIG-ALLOW-AXFR in PowerDNS`
    : `let the key ${key} update these names and types: allow-update or update-policy in BIND, an acl with action [transfer, update] in Knot, dnsupdate=yes, allow-dnsupdate-from and the metadata TSIG-ALLOW-DNSUPDATE in PowerDNS; BIND also refuses an MX whose target in the zone has no address (check-integrity) and addresses at names no host can have (check-names)`
}

/** The answer is not signed although the zone is served: the server did not get as far as believing the request. */
function keyIgnored({ server, zone, rcode }: Refusal, { name, algorithm }: TsigKey): MailsyncError {
  const apiCode = rcodeText(rcode)
  return new MailsyncError(
    'authentication',
    `${serverText(server)} serves ${zone}, but does not accept the key ${name.slice(0, -1)} (${algorithm}) (${apiCode})`,
    {
      hint: 'PowerDNS answers so where key_name, key_algorithm or key_secret is not that of its key (pdnsutil list-tsig-keys), or where the clocks differ by more than five minutes; other servers where they do not take requests from this address',
      apiCode,
      where: { zone },
    },
  )
}

function keyFailure(refusal: Refusal, tsig: Tsig): MailsyncError {
  const { server, zone } = refusal
  const who = serverText(server)
  const key = server.key ? `the key ${server.key.name.slice(0, -1)} (${server.key.algorithm})` : 'the key'
  const fail = (apiCode: string, message: string, hint: string): MailsyncError =>
    new MailsyncError('authentication', `${message} (${apiCode})`, { hint, apiCode, where: { zone } })
  switch (tsig.error) {
    case TSIG_ERROR.BADKEY:
      return fail(
        'BADKEY',
        `${who} does not know ${key}, or not for ${zone}`,
        `key_name and key_algorithm must be those of a key statement of the server; where they are (Knot says BADKEY then too), ${permissionHint(refusal)}`,
      )
    case TSIG_ERROR.BADSIG:
      return fail(
        'BADSIG',
        `${who} has another secret for ${key}`,
        'copy key_secret from the server’s key statement once more',
      )
    case TSIG_ERROR.BADTIME:
      return fail('BADTIME', `${clockText(tsig)} of ${who}`, `set both clocks (NTP); ${FUDGE} seconds are allowed`)
    case TSIG_ERROR.BADTRUNC:
      return fail(
        'BADTRUNC',
        `${who} wants a longer signature for ${key}`,
        'see the server’s settings for truncated MACs',
      )
    default:
      return fail(`TSIG error ${tsig.error}`, `${who} does not accept ${key}`, 'see the server’s log')
  }
}

function clockText({ timeSigned, other }: Tsig): string {
  if (other.length !== 6) return 'this machine’s clock differs from that'
  const ahead = timeSigned - other.readUIntBE(0, 6)
  return `this machine’s clock is ${Math.abs(ahead)} seconds ${ahead > 0 ? 'ahead of' : 'behind'} that`
}
