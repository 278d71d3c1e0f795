import { createHash } from 'node:crypto'
import { version } from '../../../cli/version.js'
import type { ZoneTask } from '../../../plan/zones/plan-zone.js'

/** Tells apart what is wanted of a zone: a spec, an owner, a provider or a mailsync that asks for anything else has another digest. */
export function wantedDigest({ zone, connected, owner, manifestTtl, desired, ...names }: ZoneTask): string {
  const wanted = JSON.stringify([
    version,
    zone,
    [connected.name, connected.plugin.type],
    [owner, manifestTtl],
    desired.map(({ rrset, purpose }) => [purpose, rrset]),
    [names.mxTargets, names.reverseNames],
    names.neededKeys.map(({ domain, selector }) => [domain, selector]),
  ])
  return createHash('sha256').update(wanted).digest('base64url').slice(0, 22)
}
