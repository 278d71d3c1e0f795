import type { Provider } from '../../providers/provider.js'
import { isWithin, joinName, type Name, relativeTo } from '../../records/rr/name.js'
import type { AnyRRset, Change, RRset } from '../../records/rr/rrset.js'

/** Where the names of one of the suite's zones are in a zone that somebody named. Rdata stay as the suite has them. */
export interface ZoneView {
  /** As the suite calls it, `example.com.`. */
  readonly zone: Name
  /** The zone at the provider. */
  readonly at: Name
  /** Where the suite's apex is: the apex of that zone, or the label. */
  readonly apex: Name
  /** What the suite's other names are below of. */
  readonly below: Name
}

/** The name at the provider of a name of the suite. */
function toReal({ zone, apex, below }: ZoneView, name: Name): Name {
  if (name === zone) return apex
  return isWithin(name, zone) ? joinName(relativeTo(zone, name), below) : name
}

/** The suite's name of a name at the provider; undefined for one that is not the suite's. */
export function toSuite({ zone, apex, below }: ZoneView, name: Name): Name | undefined {
  if (name === apex) return zone
  return name !== below && isWithin(name, below) ? joinName(relativeTo(below, name), zone) : undefined
}

/** The zone at the provider as the suite sees it, without what is `hidden`. */
export function viewed(provider: Provider, view: ZoneView, hidden: (rrset: AnyRRset) => boolean): Provider {
  const { zone, at } = view
  const real = (name: Name): Name => (name === zone ? at : name)
  const seen = (rrset: AnyRRset): AnyRRset[] => {
    const name = toSuite(view, rrset.name)
    return name === undefined || hidden(rrset) ? [] : [{ ...rrset, name }]
  }
  const { batches, check } = provider
  return {
    ...provider,
    read: async (name, signal) => {
      const rrsets = await provider.read(real(name), signal)
      return name === zone ? rrsets.flatMap(seen) : rrsets
    },
    write: async (name, changes, signal) => {
      const sent = new Map(changes.map((change) => [realChange(view, change), change]))
      const back = (told: readonly Change[]): Change[] =>
        told.map((change) => sent.get(change) ?? suiteChange(view, change))
      const { applied, uncertain, failure } = await provider.write(real(name), [...sent.keys()], signal)
      return { applied: back(applied), ...(uncertain && { uncertain: back(uncertain) }), ...(failure && { failure }) }
    },
    ...(batches && {
      batches: (name, changes) =>
        batches.call(
          provider,
          real(name),
          changes.map((change) => realChange(view, change)),
        ),
    }),
    ...(check && { check: (name, signal) => check.call(provider, real(name), signal) }),
  }
}

/** A set of the suite as it is at the provider. */
export function realSet(view: ZoneView, rrset: RRset): RRset {
  return { ...rrset, name: toReal(view, rrset.name) }
}

function realChange(view: ZoneView, change: Change): Change {
  return mapped(change, (rrset) => realSet(view, rrset))
}

function suiteChange(view: ZoneView, change: Change): Change {
  return mapped(change, (rrset) => ({ ...rrset, name: toSuite(view, rrset.name) ?? rrset.name }))
}

/** A change with its sets replaced. */
export function mapped(change: Change, map: (rrset: RRset) => RRset): Change {
  if (change.kind === 'create') return { ...change, after: map(change.after) }
  if (change.kind === 'delete') return { ...change, before: map(change.before) }
  return { ...change, before: map(change.before), after: map(change.after) }
}
