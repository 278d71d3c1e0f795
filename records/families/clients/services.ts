/** What a client of mail can look for (RFC 6186 §3, RFC 8314 §5.1, RFC 5804 §1.8, RFC 8620 §2.2), with its port. */
export const SERVICES = {
  submissions: 465,
  imaps: 993,
  pop3s: 995,
  submission: 587,
  imap: 143,
  pop3: 110,
  sieve: 4190,
  jmap: 443,
} as const

export type ServiceName = keyof typeof SERVICES
export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[]

/** Of each service with TLS from the first octet, the one that begins without it. */
const TWINS = { submissions: 'submission', imaps: 'imap', pop3s: 'pop3' } as const

/**
 * What a domain says it does not offer, unless its spec says otherwise: of submission, IMAP and POP3 the twin of what it offers, with TLS
 * or without; and POP3 where there is IMAP. Of JMAP and Sieve, which few clients look for, nothing is said.
 */
export function usuallyNotOffered(offered: readonly ServiceName[]): ServiceName[] {
  const has = (...names: readonly ServiceName[]): boolean => names.some((name) => offered.includes(name))
  const denied = Object.entries(TWINS).flatMap(([secure, plain]) => {
    const pair = [secure as ServiceName, plain]
    return has(...pair) || (plain === 'pop3' && has('imaps', 'imap')) ? pair : []
  })
  return SERVICE_NAMES.filter((name) => denied.includes(name) && !has(name))
}

/** The twin with TLS of a service that begins without it, where it is not offered. */
export function secureTwin(name: ServiceName, offered: readonly ServiceName[]): ServiceName | undefined {
  const twin = (Object.keys(TWINS) as (keyof typeof TWINS)[]).find((secure) => TWINS[secure] === name)
  return twin !== undefined && !offered.includes(twin) ? twin : undefined
}
