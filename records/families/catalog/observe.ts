import type { Finding, SpecPath } from '../../finding.js'
import { displayName, joinName } from '../../rr/name.js'
import { finding } from '../../rules/rule.js'
import type { ZoneView } from '../../rules/zone-view.js'
import { membersIn } from './member.js'

/** The schema that is written here (RFC 9432 §4.2.1). */
const VERSION = '2'

/** Names that are listed. */
const SHOWN = 5

/** What is to be said of a catalog, as it will be. */
export function observeCatalog(view: ZoneView): Finding[] {
  const declared = view.input.spec.zones.get(view.zone.name)
  if (declared?.catalog === undefined) return []
  const from = [...declared.from, 'catalog']
  return [...wrongVersion(view, from), ...leaving(view, from)]
}

/** A zone that says no version, or another, is no catalog to write into: secondaries would ignore or misread all of it. */
function wrongVersion({ zone, records }: ZoneView, from: SpecPath): Finding[] {
  if (!records.some(({ purpose }) => purpose === 'catalog')) return []
  const name = joinName('version', zone.name)
  const versions = zone.texts(name)
  if (versions.length === 1 && versions[0] === VERSION) return []
  const isMissing = versions.length === 0
  const found = isMissing
    ? `it has no version: there is no TXT at ${name}`
    : `its version is ${versions.map((text) => JSON.stringify(text)).join(' and ')}, and only "${VERSION}" is known here`
  const hint = isMissing
    ? `if it is to be a catalog, add \`${name} 0 IN TXT "${VERSION}"\` at the server; else take \`catalog\` away`
    : 'name a catalog of version 2 (RFC 9432), or take `catalog` away'
  return [finding('error', 'catalog-version', from, `${displayName(zone.name)} is no catalog zone: ${found}`, hint)]
}

/** Members that go: it looks like one PTR, and is a whole zone at every secondary (RFC 9432 §5.3). */
function leaving({ zone, before }: ZoneView, from: SpecPath): Finding[] {
  const stay = new Set(membersIn(zone).values())
  const gone = [...membersIn(before).values()].filter((member) => !stay.has(member)).map(displayName)
  if (gone.length === 0) return []
  const more = gone.length > SHOWN ? ` and ${gone.length - SHOWN} more` : ''
  const [leave, them] = gone.length === 1 ? ['leaves', 'it'] : ['leave', 'them']
  return [
    finding(
      'warning',
      'catalog-member-goes',
      from,
      `${gone.slice(0, SHOWN).join(', ')}${more} ${leave} the catalog: secondaries that read it stop serving ${them}`,
      `where ${them === 'it' ? 'the zone is' : 'the zones are'} to be served on, declare ${them} in \`zones\``,
    ),
  ]
}
