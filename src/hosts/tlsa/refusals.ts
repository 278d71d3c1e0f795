import { MailsyncError } from '../../../records/error.js'
import { displayName } from '../../../records/rr/name.js'
import type { RenewedCertificate } from './acme-hook.js'
import type { HostRoll } from './look.js'
import { rollWaitText } from './words.js'

/** Why renewed certificates are not installed, for the ACME client that asks: what they wait for, until when, and what is to be done. */
export function refusedRenewals(
  hosts: readonly HostRoll[],
  { client, keepKey }: RenewedCertificate,
): readonly MailsyncError[] {
  return hosts.flatMap((roll) =>
    [...roll.files].flatMap(([certificate, { renewal, installed, isOutdated }]) => {
      if (renewal === undefined || (renewal.association === installed && !isOutdated)) return []
      const waits = roll.next.waits.filter(({ association }) => association === renewal.association)
      const why = waits.map((wait) => rollWaitText(wait, roll)).join('; ') || 'something failed before it'
      return [
        new MailsyncError(
          'guard',
          `the renewed certificate of ${displayName(roll.host.name)} (${certificate}) is not installed: senders do not know its key yet. It ${why}`,
          {
            hint: `nothing is lost: the server keeps what it has. Run \`mailsync tlsa roll\` then, best by a timer. To have no such wait, keep the key at renewals (${client}: ${keepKey})`,
          },
        ),
      ]
    }),
  )
}
