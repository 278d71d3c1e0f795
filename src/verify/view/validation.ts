import { execFile } from 'node:child_process'
import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { RCODE } from '../../../providers/dns/rcode.js'
import type { ServerAddress } from '../../../providers/dns/server.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, ROOT, withoutDot } from '../../../records/rr/name.js'

/** What DNSSEC says of an answer; undefined where nobody is there who can tell. */
export type Validate = (name: Name, type: string) => Promise<'secure' | 'insecure' | 'bogus' | undefined>

export interface ValidationOptions {
  readonly dns: PublicDns
  /** Whether the user named the resolver: else its word is not taken, since it may be far away. */
  readonly isNamed: boolean
  /** More arguments of `delv`, such as the anchors that it starts from; default: that of the root which it knows. */
  readonly delv?: readonly string[] | undefined
  readonly signal: AbortSignal
}

/**
 * As a resolver tells that the user named and that validates: its AD bit (RFC 4035 §3.2.3), and that it gives what is bogus
 * only where it is asked not to check (§3.2.2); else as `delv` does, which asks the resolver and validates itself.
 */
export function validation({ dns, isNamed, delv = [], signal }: ValidationOptions): Validate {
  const [server] = dns.resolvers
  if (!isNamed || !server) return (name, type) => withDelv([...delv, withoutDot(name), type], signal)
  const ask = (name: Name, type: string, unchecked = false) =>
    dns.client.ask(server, { name, type }, { recursion: true, unchecked, signal })
  let rootIsProven: Promise<boolean> | undefined
  const validates = (): Promise<boolean> => {
    rootIsProven ??= ask(ROOT, 'SOA').then(({ authentic }) => authentic)
    return rootIsProven
  }
  return async (name, type) => {
    try {
      const { authentic, rcode } = await ask(name, type)
      if (authentic) return 'secure'
      if (rcode === RCODE.SERVFAIL) return (await ask(name, type, true)).rcode === rcode ? undefined : 'bogus'
      if (await validates()) return 'insecure'
      return await withDelv([...atServer(server), ...delv, withoutDot(name), type], signal)
    } catch (error) {
      if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
      return undefined
    }
  }
}

function atServer({ host, port }: ServerAddress): string[] {
  return [`@${host}`, '-p', String(port)]
}

const DELV_MS = 20_000

/** `delv` of BIND validates by itself; undefined where it is not installed, or says nothing. */
function withDelv(args: readonly string[], signal: AbortSignal): ReturnType<Validate> {
  return new Promise((resolve) => {
    execFile('delv', args, { timeout: DELV_MS, signal }, (_, stdout, stderr) => {
      const said = `${stdout}${stderr}`
      if (/; (?:negative response, )?fully validated/.test(said)) resolve('secure')
      else if (/; (?:negative response, )?unsigned answer/.test(said)) resolve('insecure')
      else
        resolve(
          /broken trust chain|bogus|no valid (?:RRSIG|signature)|verify failure/i.test(said) ? 'bogus' : undefined,
        )
    })
  })
}
