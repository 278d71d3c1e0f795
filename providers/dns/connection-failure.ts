import { MailsyncError } from '../../records/error.js'
import { type DnsServer, serverText } from './server.js'

/** The system's own error: refused, unreachable, reset, or a host name that does not resolve. */
export function connectionFailure(server: DnsServer, cause: Error): MailsyncError {
  const code = (cause as NodeJS.ErrnoException).code
  const details = { cause, ...(code === undefined ? {} : { apiCode: code }) }
  switch (code) {
    case 'ECONNREFUSED':
      return new MailsyncError('unavailable', `nothing takes TCP connections at ${serverText(server)}`, {
        ...details,
        hint: 'check `host` and `port`, that the server runs, and that it listens on TCP there',
      })
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new MailsyncError('unavailable', `the host name ${server.host} does not resolve`, {
        ...details,
        hint: 'check `host`; an address such as 192.0.2.1 needs no look-up',
      })
    case 'ECONNRESET':
    case 'EPIPE':
      return closed(server, details)
    default:
      return new MailsyncError('unavailable', `${serverText(server)} cannot be reached: ${code ?? cause.message}`, {
        ...details,
        hint: 'check `host`, the route to it, and firewalls between',
      })
  }
}

/** The server ended the connection before it had said all. */
export class ClosedMidway extends MailsyncError {}

/** The connection ended where an answer, or more of it, was due. `received`: its first octets. */
export function closedMidway(server: DnsServer, received: Buffer): MailsyncError {
  if (received[0] === 0x15 && received[1] === 0x03)
    return new MailsyncError('unavailable', `${serverText(server)} speaks TLS, which is not supported`, {
      hint: 'give the port of plain DNS over TCP, mostly 53; TSIG protects the messages from being changed',
    })
  return closed(server)
}

function closed(server: DnsServer, details: { cause?: Error; apiCode?: string } = {}): MailsyncError {
  return new ClosedMidway('unavailable', `${serverText(server)} closed the connection before its answer was complete`, {
    ...details,
    hint: 'see the server’s log: it stopped, or it limits TCP clients',
  })
}

export function timedOut(server: DnsServer): MailsyncError {
  return new MailsyncError('timeout', `${serverText(server)} was silent for ${server.timeout} seconds`, {
    hint: 'check that no firewall drops TCP to this port, or raise `timeout`',
  })
}

export function malformed(server: DnsServer, cause?: unknown): MailsyncError {
  return new MailsyncError('unavailable', `${serverText(server)} sent something that is no DNS message`, {
    hint: 'check that `port` is that of a DNS server',
    cause,
  })
}

/** An answer that is not signed, or not signed right: nothing in it is believed. */
export function untrusted(server: DnsServer, why: string): MailsyncError {
  return new MailsyncError('authentication', `the answer of ${serverText(server)} is not believed: ${why}`, {
    hint: 'something between here and the server changes or forges answers, or the server does not know TSIG',
  })
}

/** The user stopped the run while this waited. */
export function stopped(): MailsyncError {
  return new MailsyncError('cancelled', 'stopped while waiting for the DNS server', {
    hint: 'nothing was changed by this; run the same command again',
  })
}
