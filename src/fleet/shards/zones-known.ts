import { MailsyncError } from '../../../records/error.js'
import type { MailSpec } from '../../../records/spec.js'

/** Refuses a spec with the zone `'*'`: which zones its shards have, only a provider could say. Throws `usage`. */
export function assertZonesKnown({ otherZones }: Pick<MailSpec, 'otherZones'>): void {
  if (otherZones === undefined) return
  throw new MailsyncError(
    'usage',
    "which zones '*' stands for is not known without asking the providers, so they cannot be dealt out",
    {
      hint: "declare the zones by their names in place of '*'; a generator can write them into a file that `zones: !include` names",
    },
  )
}
