const NO_ROUTE: readonly string[] = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL']
/** What networks do with a port that they let nothing out to. */
const BLOCKED: readonly string[] = ['ETIMEDOUT', 'ECONNREFUSED', 'ECONNRESET']

/**
 * Whether a connection failed by no fault of the other side: there is no route from here, as without IPv6, or this network blocks the port.
 * @param portIsBlocked whether this network is known to let nothing out to that port
 */
export function isOurs({ code = '' }: NodeJS.ErrnoException, portIsBlocked = false): boolean {
  return NO_ROUTE.includes(code) || (portIsBlocked && BLOCKED.includes(code))
}
