import type { Domain } from '../../../records/spec.js'

/** Whether MTA-STS of a domain lets no mail in without a valid certificate (RFC 8461 §5). */
export function needsCertificates(domain: Pick<Domain, 'mtaSts'> | undefined): boolean {
  const mtaSts = domain?.mtaSts ?? false
  return mtaSts !== false && 'mode' in mtaSts.policy && mtaSts.policy.mode === 'enforce'
}
