import { createHash } from 'node:crypto'
import { version } from '../../../cli/version.js'
import type { ZoneTask } from '../../../plan/zones/task.js'

/**
 * Tells apart what is wanted of a zone, and where: a spec, an owner, a provider or a mailsync that asks for anything else, or
 * elsewhere, has another digest.
 *
 * @param place plain data that says which servers are meant
 */
export function wantedDigest(
  { zone, connected, owner, manifestTtl, desired, ...names }: ZoneTask,
  place: unknown,
): string {
  const wanted = JSON.stringify([
    version,
    zone,
    [connected.name, connected.plugin.type, place],
    [owner, manifestTtl],
    desired.map(({ rrset, purpose }) => [purpose, rrset]),
    [names.mxTargets, names.reverseNames],
    names.neededKeys.map(({ domain, selector }) => [domain, selector]),
  ])
  return createHash('sha256').update(wanted).digest('base64url').slice(0, 22)
}
