import type { Resolver } from '../../../providers/dns/client/resolver.js'
import { RCODE } from '../../../providers/dns/rcode.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'

/** Whether DNSSEC holds in a zone: its parent has a DS for it (RFC 4035 §2.4). Undefined where DNS does not tell. */
export async function zoneSigned(
  zone: Name,
  resolver: Resolver,
  signal: AbortSignal,
): Promise<'signed' | 'unsigned' | undefined> {
  try {
    const { rcode, answer } = await resolver.resolve({ name: zone, type: 'DS' }, signal)
    if (answer.some(({ type }) => type === ('DS' as string))) return 'signed'
    return rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN ? 'unsigned' : undefined
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    return undefined
  }
}
