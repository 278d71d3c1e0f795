import { execFile } from 'node:child_process'
import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'

/** What DNSSEC says of an answer; undefined where nobody is there who can tell. */
export type Validate = (name: Name, type: string) => Promise<'secure' | 'insecure' | 'bogus' | undefined>

/** As a resolver tells that the user named and that validates: its AD bit (RFC 4035 §3.2.3); else as `delv` does. */
export function validation(dns: PublicDns, isNamed: boolean, signal: AbortSignal): Validate {
  const [server] = dns.resolvers
  if (isNamed && server)
    return async (name, type) => {
      try {
        const { authentic } = await dns.client.ask(server, { name, type }, { recursion: true, signal })
        return authentic ? 'secure' : withDelv(name, type, signal)
      } catch (error) {
        if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
        return undefined
      }
    }
  return (name, type) => withDelv(name, type, signal)
}

const DELV_MS = 20_000

/** `delv` of BIND walks and validates by itself (RFC 5155 and what it updates); undefined where it is not installed, or says nothing. */
function withDelv(name: Name, type: string, signal: AbortSignal): ReturnType<Validate> {
  return new Promise((resolve) => {
    execFile('delv', [withoutDot(name), type], { timeout: DELV_MS, signal }, (_, stdout, stderr) => {
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
