import { isEverywhere } from '../../../records/families/key-sight.js'
import type { RollStep, RollWait } from '../../../records/families/tlsa/roll/next-steps.js'
import { displayName } from '../../../records/rr/name.js'
import { rdataText } from '../../../records/rr/rdata.js'
import { shownInstant } from '../../instant.js'
import type { HostRoll, Served } from './look.js'

/** What was done with a key, or is to be done. */
export const ROLL_STEPS: Readonly<Record<RollStep['kind'], string>> = {
  keep: 'was in DNS before, and stays as long as the server may use it',
  publish: 'a new key, to be published',
  see: 'every name server shows it',
  unsee: 'not every name server shows it any more',
  install: 'its certificate is installed; the server uses it from now on',
  serve: 'the server uses it',
  retire: 'its certificate left the spec; it stays until senders know the others',
  remove: 'leaves DNS',
}

/** Why nothing is done with a key yet, and until when. */
export function rollWaitText({ reason, until, association = '' }: RollWait, { sightOf }: HostRoll): string {
  const at = until === undefined ? '' : shownInstant(until)
  switch (reason) {
    case 'servers':
      return `waits until every name server shows it; ${missing(sightOf(association))}`
    case 'ahead':
      return `is installed from ${at}: until then a sender may remember that it was not there`
    case 'drain':
      return `leaves DNS on ${at}`
    case 'served':
      return 'stays: the server still answers with it; has it read its certificate again?'
    case 'successor':
      return 'stays: not every name server shows the key that the server uses now'
    case 'elsewhere':
      return 'its certificate is not on this machine: `mailsync tlsa roll` installs it where it is'
    case 'clock':
      return `the clock is behind: something was done on ${at}`
  }
}

function missing({ missing: lacking }: ReturnType<HostRoll['sightOf']>): string {
  return lacking.map(({ server, why }) => `${server}: ${why}`).join('; ') || 'none was asked'
}

/** Where a key is seen. */
export function keySightText(association: string, { sightOf }: Pick<HostRoll, 'sightOf'>): string {
  const sight = sightOf(association)
  const all = sight.servers.length + sight.missing.length
  if (all === 0) return 'no name server was asked'
  if (isEverywhere(sight)) return `shown by ${all === 1 ? '1 name server' : `all ${all} name servers`}`
  return `shown by ${sight.servers.length} of ${all} name servers`
}

/** What a server answers with at a port, and whether it is among the keys that are published. */
export function servedText(served: Served, published: readonly string[]): string {
  if ('failure' in served) return `port ${served.port}: ${served.failure}`
  const { port, associations } = served
  const known = associations.find((one) => published.includes(one))
  return known === undefined
    ? `port ${port}: answers with ${associations[0] ?? 'no certificate'}, which is not published: senders with DANE refuse it`
    : `port ${port}: answers with ${known}`
}

/** What of a host is in DNS as the spec says. */
export function publishedBy({ host }: Pick<HostRoll, 'host'>): readonly string[] {
  return host.tlsa.associations.map(({ value }) => rdataText('TLSA', value))
}

/** Whether a server answers with a certificate that no published key fits. */
export function isRefusedBySenders(roll: HostRoll): boolean {
  const published = publishedBy(roll)
  return (
    published.length > 0 &&
    roll.served.some((one) => 'associations' in one && !one.associations.some((text) => published.includes(text)))
  )
}

/** What DNSSEC makes of it all. */
export function dnssecText({ dnssec, host }: HostRoll): string {
  if (dnssec === 'signed') return 'DNSSEC: its zone is signed'
  const name = displayName(host.name)
  return dnssec === 'unsigned'
    ? `DNSSEC: the zone of ${name} is not signed, or its parent has no DS: without it all this is useless, no sender looks (RFC 7672 §2.2)`
    : 'DNSSEC: DNS does not tell whether its zone is signed; unsigned, all this is useless'
}
