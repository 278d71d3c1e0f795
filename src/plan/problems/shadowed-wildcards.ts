import type { ZoneDiff } from '../../../records/diff.js'
import type { Finding, SpecPath } from '../../../records/finding.js'
import { groupBy } from '../../../records/group.js'
import { displayName, labelsOf, type Name } from '../../../records/rr/name.js'
import { ancestors, type Zone } from '../../../records/rr/zone.js'

/**
 * Names that come to exist, for which a wildcard answered until now: it stops at once, for every type (RFC 4592 §3.3.1),
 * and for what is below the name, too. Names with a `_` label are left out, as no one asks them for anything but what is
 * written there.
 */
export function shadowedWildcards(zone: Zone, { edits }: ZoneDiff): Finding[] {
  if (!zone.rrsets.some(({ name }) => name.startsWith('*.'))) return []
  const created = edits.flatMap(({ change, edits: [first] }) =>
    change.kind === 'create' && first?.from ? [{ ...change.after, from: first.from }] : [],
  )
  const writtenAt = groupBy(created, ({ name }) => name)
  const from = new Map<Name, SpecPath>()
  for (const one of created)
    for (const name of ancestors(one.name, zone.name))
      if (!zone.exists(name) && !from.has(name)) from.set(name, one.from)
  return [...from].flatMap(([name, place]): Finding[] => {
    if (labelsOf(name).some((label) => label.startsWith('_')) || zone.cutAbove(name) !== undefined) return []
    const wildcard = zone.source(name)
    const written = new Set<string>(writtenAt.get(name)?.map(({ type }) => type))
    const lost = zone.at(wildcard).filter(({ type }) => !written.has(type))
    if (lost.length === 0) return []
    const shown = displayName(name)
    const types = lost.map(({ type }) => type).join(', ')
    return [
      {
        rule: 'wildcard-shadowed',
        severity: 'warning',
        from: place,
        message: `${shown} has had the ${types} of ${displayName(wildcard)}, and will have none: a wildcard does not answer for a name that exists, or what is below it (RFC 4592)`,
        hint:
          written.size > 0 && lost.some(({ type }) => type === 'CNAME')
            ? `if ${shown} is in use for anything but mail, take another name: no CNAME can stand beside its records (RFC 1034 §3.6.2)`
            : `if ${shown} is in use, give it ${types} of its own before you apply`,
      },
    ]
  })
}
