import { quoted } from '../../cut.js'
import type { Finding, SpecPath } from '../../finding.js'
import { groupBy } from '../../group.js'
import { displayName, labelsOf, type Name } from '../../rr/name.js'
import type { Caa } from '../../rr/rdata.js'
import { rdataText } from '../../rr/rdata.js'
import { ancestors } from '../../rr/zone.js'
import { finding } from '../../rules/rule.js'
import { answers, type ZoneView } from '../../rules/zone-view.js'
import { type CaaProperty, caaMeaning, type IssueTag, readCaa } from './read-caa.js'

/** Names that are listed. */
const SHOWN = 5

/** What our CAA means beside what stands at the same name, and above it. */
export function observeCaa(view: ZoneView): Finding[] {
  const ours = groupBy(
    view.records.filter(({ purpose }) => purpose === 'caa'),
    ({ rrset }) => rrset.name,
  )
  let covered: Map<Name | undefined, Name[]> | undefined
  const coveredBy = (name: Name): string => {
    covered ??= namesCovered(view)
    return listed((covered.get(name) ?? []).filter((one) => one !== name))
  }
  return [...ours].flatMap(([name, records]) => {
    if (!answers(view, name, 'CAA')) return []
    const own = records.flatMap(({ rrset }) => propertiesOf(rrset.rdata as readonly Caa[]))
    const from = records[0]?.from.slice(0, 3) ?? []
    return [...othersIssue(view, name, own, from), ...narrows(view, { name, own, from, coveredBy })]
  })
}

/** A property with its meaning, which tells it from others. */
interface Meant {
  readonly meaning: string
  readonly property: CaaProperty
}

/** Those that CAs can read: the others let nobody issue. */
function propertiesOf(rdata: readonly Caa[]): Meant[] {
  return rdata.flatMap((one) => {
    const text = rdataText('CAA', one)
    const property = readCaa(text).value
    return property ? [{ meaning: caaMeaning(text), property }] : []
  })
}

/** What all values of a tag let issue is added up (RFC 8659 §4.2), so a stranger's beside ours widens it. */
function othersIssue(view: ZoneView, name: Name, own: readonly Meant[], from: SpecPath): Finding[] {
  const known = new Set(own.map(({ meaning }) => meaning))
  const tags = new Set(own.map(({ property }) => property.tag))
  const others = propertiesOf(view.zone.get(name, 'CAA')?.rdata ?? []).filter(
    ({ meaning, property }) => !known.has(meaning) && tags.has(property.tag) && property.issuer?.ca,
  )
  if (others.length === 0) return []
  const values = others.map(({ property }) => `${property.tag} ${quoted(property.value)}`)
  return [
    finding(
      'note',
      'caa-others-issue',
      from,
      `${displayName(name)} has CAA values that mailsync did not write: ${values.join(', ')}. What they allow is added to what the spec allows (RFC 8659 §4.2)`,
      'they stay; delete them at the provider if nothing at that name uses those CAs',
    ),
  ]
}

/** What stands at a name of ours, and what it is for. */
interface OwnCaa {
  readonly name: Name
  readonly own: readonly Meant[]
  readonly from: SpecPath
  /** The names that those of one name count for, as people read it. */
  readonly coveredBy: (name: Name) => string
}

/** The first CAA at a name is for everything that stands there, not for mail alone. */
function narrows(view: ZoneView, { name, own, from, coveredBy }: OwnCaa): Finding[] {
  const { before } = view
  if (before.get(name, 'CAA') || !before.tells(name, 'CAA')) return []
  const tag = (['issue', 'issuewild'] as const).find((one) => own.some(({ property }) => property.tag === one))
  if (tag === undefined) return []
  const above = ancestors(name, before.name)
    .slice(1)
    .find((one) => before.get(one, 'CAA'))
  const [only, covered] = [issuersOf(own, tag), coveredBy(name)]
  const what = tag === 'issue' ? 'certificates' : 'wildcard certificates'
  if (above !== undefined)
    return [
      finding(
        'note',
        'caa-replaces-above',
        from,
        `${displayName(name)} gets CAA of its own, so those of ${displayName(above)} no longer count there (RFC 8659 §3): ${only} may issue ${what} for ${covered}`,
      ),
    ]
  const isHost = from[0] === 'hosts'
  return [
    finding(
      isHost ? 'note' : 'warning',
      'caa-narrows',
      from,
      `until now every CA may issue ${what} for ${displayName(name)}; with this ${only} may, for ${covered} (RFC 8659 §3)`,
      `name every CA that a web site or another service there has its certificates from, under caa.${tag}${isHost ? '' : '; or give caa to the mail host alone'}`,
    ),
  ]
}

function issuersOf(own: readonly Meant[], tag: IssueTag): string {
  const cas = own.flatMap(({ property }) => (property.tag === tag ? (property.issuer?.ca ?? []) : []))
  const named = [...new Set(cas)].filter((ca) => ca !== '')
  return named.length === 0 ? 'no CA' : `only ${named.join(' and ')}`
}

/** The names with a machine behind them, by the one whose CAA counts for them: the nearest (RFC 8659 §3). */
function namesCovered({ zone }: ZoneView): Map<Name | undefined, Name[]> {
  const names = zone.rrsets
    .filter(({ type }) => type === 'A' || type === 'AAAA' || type === 'CNAME')
    .map((rrset) => rrset.name)
    .filter((name) => !labelsOf(name).some((label) => label.startsWith('_')))
  return groupBy(new Set(names), (name) => ancestors(name, zone.name).find((at) => zone.get(at, 'CAA')))
}

/** A name, and those below it. */
function listed(below: readonly Name[]): string {
  const shown = below.slice(0, SHOWN).map(displayName)
  const more = below.length > SHOWN ? ` and ${below.length - SHOWN} more` : ''
  return shown.length === 0 ? 'it and all below it' : `it, ${shown.join(', ')}${more}`
}
