import type { Finding } from '../../finding.js'
import { displayName, type Name } from '../../rr/name.js'
import { brokenValue } from '../../rules/broken-value.js'
import { finding } from '../../rules/rule.js'
import { unreadValues } from '../../rules/unread-values.js'
import { answers, isVoid, textsAt, type ZoneView } from '../../rules/zone-view.js'
import type { Domain } from '../../spec.js'
import { everybodyAt } from './everybody.js'
import { countLookups, LOOKUP_LIMIT, loopThrough, type SpfAt, VOID_LIMIT, waysFrom } from './graph.js'
import { isSpfValue, lookupsOf, readSpf, resemblesSpf, type SpfRecord } from './read-spf.js'
import { circle, FEWER, FEWER_SENDERS, includePlace, letsSend, spfOfSpec, tooMany, WITHOUT_CIRCLE } from './rules.js'

/** What receivers will find wrong in the SPF of the names of a zone that was read. */
export function observeSpf(view: ZoneView): Finding[] {
  const ofSpec = spfOfSpec(view.input)
  const read = new Map<Name, SpfRecord | undefined>()
  const inZone: SpfAt = (name) => {
    const wanted = ofSpec(name)
    if (wanted) return wanted
    if (!read.has(name)) read.set(name, readOne(valuesAt(view, name)))
    return read.get(name)
  }
  const { domains, hosts } = view
  const known = new Set(domains.map(({ name }) => name))
  const ofHosts = hosts.flatMap(({ name, from }) =>
    known.has(name) || ofSpec(name) ? [] : twice(view, name, [...from, 'helo_spf']),
  )
  const ofDomains = domains
    .filter(({ name, mail }) => mail === 'normal' && answers(view, name, 'TXT'))
    .flatMap((domain) => {
      const { name, spf, from } = domain
      return [
        ...(spf === false ? twice(view, name, [...from, 'spf']) : []),
        ...broken(view, domain),
        ...includes(view, name, ofSpec, inZone),
        ...loops(view, name, ofSpec, inZone),
        ...lookups(view, name, spf === false ? [...from, 'spf'] : spf.from, ofSpec, inZone),
        ...everybody(view, name, ofSpec, inZone),
      ]
    })
  return [...ofHosts, ...ofDomains, ...domains.flatMap((domain) => unread(view, domain))]
}

function unread(view: ZoneView, domain: Domain): Finding[] {
  const why = 'for an SPF, as it does not begin with v=spf1 and a space (RFC 7208 §4.5)'
  return unreadValues(view, domain, { part: 'spf', at: domain.name, isRead: isSpfValue, resembles: resemblesSpf, why })
}

/** The SPF values at a name; undefined where this zone does not tell. */
function valuesAt(view: ZoneView, name: Name): string[] | undefined {
  return textsAt(view, name)?.filter(isSpfValue)
}

function readOne(values: readonly string[] | undefined): SpfRecord | undefined {
  return values?.length === 1 ? readSpf(values[0] as string).value : undefined
}

function twice(view: ZoneView, name: Name, from: Finding['from']): Finding[] {
  const count = valuesAt(view, name)?.length ?? 0
  if (count < 2) return []
  return [
    finding(
      'warning',
      'spf-twice',
      from,
      `${displayName(name)} has ${count} SPF values: receivers answer permerror (RFC 7208 §4.5)`,
      'delete all but one of them',
    ),
  ]
}

/** What stands where the spec asks for no SPF, and is a permanent error. */
function broken(view: ZoneView, domain: Domain): Finding[] {
  const what = `the SPF of ${displayName(domain.name)}`
  const outcome = 'receivers heed nothing of it'
  return brokenValue(view, domain, { part: 'spf', at: domain.name, what, outcome, isRead: isSpfValue, read: readSpf })
}

/** The ways from a name to those whose SPF is asked, as far as the spec does not tell of them itself. */
function waysOfOthers(name: Name, ofSpec: SpfAt, inZone: SpfAt): Name[][] {
  return waysFrom(name, (at) => (at !== name && ofSpec(at) ? undefined : inZone(at)))
}

function includes(view: ZoneView, name: Name, ofSpec: SpfAt, inZone: SpfAt): Finding[] {
  return waysOfOthers(name, ofSpec, inZone).flatMap((way) => {
    const included = way.at(-1) as Name
    const values = ofSpec(included) ? undefined : valuesAt(view, included)
    if (values === undefined) return []
    const [value = ''] = values
    const fault = values.length === 1 ? readSpf(value).faults[0] : undefined
    if (values.length === 1 && fault === undefined) return []
    const what = fault
      ? `whose SPF is wrong (${fault.section}): ${fault.message}`
      : values.length === 0
        ? 'which has no SPF in the zone that was read'
        : `which has ${values.length} SPF values`
    return [
      finding(
        'warning',
        'spf-include-without-spf',
        includePlace(view, name, way[0] as Name),
        `the SPF of ${displayName(name)} includes ${chain(way)}, ${what}: receivers answer permerror (RFC 7208 §5.2)`,
        values.length === 0 ? 'give it an SPF, or remove the include' : 'put that right, or remove the include',
      ),
    ]
  })
}

function chain(way: readonly Name[]): string {
  return way.map(displayName).join(', which includes ')
}

/** Circles that the spec alone does not show: through the name, or behind it. */
function loops(view: ZoneView, name: Name, ofSpec: SpfAt, inZone: SpfAt): Finding[] {
  if (loopThrough(name, ofSpec)) return []
  const own = loopThrough(name, inZone)
  if (own) {
    const from = includePlace(view, name, own[1] ?? name)
    return [finding('warning', 'spf-include-loop', from, circle(own), WITHOUT_CIRCLE)]
  }
  for (const way of waysOfOthers(name, ofSpec, inZone)) {
    const loop = loopThrough(way.at(-1) as Name, inZone)
    if (loop === undefined) continue
    const from = includePlace(view, name, way[0] as Name)
    const message = `the SPF of ${displayName(name)} includes ${chain(way)}, and ${circle(loop)}`
    return [finding('warning', 'spf-include-loop', from, message, WITHOUT_CIRCLE)]
  }
  return []
}

/** Where the spec alone does not show that anybody may send. */
function everybody(view: ZoneView, name: Name, ofSpec: SpfAt, inZone: SpfAt): Finding[] {
  const found = everybodyAt(name, ofSpec) ? undefined : everybodyAt(name, inZone)
  if (found === undefined) return []
  const from = includePlace(view, name, found.way[1] ?? name)
  return [finding('warning', 'spf-everybody', from, letsSend(found), FEWER_SENDERS)]
}

/** Look-ups that the spec alone does not show, and those that will find nothing. */
function lookups(view: ZoneView, name: Name, from: Finding['from'], ofSpec: SpfAt, inZone: SpfAt): Finding[] {
  const count = countLookups(name, ofSpec) > LOOKUP_LIMIT ? 0 : countLookups(name, inZone)
  const empty = voidLookups(view, name, inZone)
  return [
    ...(count > LOOKUP_LIMIT ? [finding('warning', 'spf-lookups', from, tooMany(name, count), FEWER)] : []),
    ...(empty.length > VOID_LIMIT
      ? [
          finding(
            'warning',
            'spf-void-lookups',
            from,
            `the SPF of ${displayName(name)} looks up ${empty.map(displayName).join(', ')}, where there is nothing; receivers stop after ${VOID_LIMIT} (RFC 7208 §4.6.4)`,
            'remove the terms that name them',
          ),
        ]
      : []),
  ]
}

/** The names that `a` and `mx` terms look up and this zone has neither address nor MX for. */
function voidLookups(view: ZoneView, name: Name, spfAt: SpfAt): Name[] {
  const found: Name[] = []
  const seen = new Set<Name>()
  const visit = (at: Name): void => {
    if (seen.has(at) || seen.size > LOOKUP_LIMIT) return
    seen.add(at)
    const record = spfAt(at)
    for (const { kind, target = at } of record ? lookupsOf(record) : []) {
      if ((kind === 'a' || kind === 'mx') && isVoid(view, target, kind === 'mx' ? ['MX'] : undefined))
        found.push(target)
      else if (kind === 'include' || kind === 'redirect') visit(target)
    }
  }
  visit(name)
  return found
}
