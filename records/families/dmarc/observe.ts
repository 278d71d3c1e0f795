import type { Finding } from '../../finding.js'
import { groupBy } from '../../group.js'
import { displayName, joinName, type Name } from '../../rr/name.js'
import { type AnyRRset, isKnown, rdataTexts } from '../../rr/rrset.js'
import { brokenValue } from '../../rules/broken-value.js'
import { finding } from '../../rules/rule.js'
import { unreadValues } from '../../rules/unread-values.js'
import { answers, textsAt, type ZoneView } from '../../rules/zone-view.js'
import type { Domain } from '../../spec.js'
import { isDkimValue, publishedKey } from '../dkim/read-dkim.js'
import { isDmarcValue, readDmarc, readVersioned, resemblesDmarc } from './read-dmarc.js'
import { rejectsUnsigned, unsignedFinding } from './rules.js'

/** What receivers will find wrong in the policies of a zone that was read. */
export function observeDmarc(view: ZoneView): Finding[] {
  return [
    ...policyTwice(view),
    ...view.domains.flatMap((domain) => [...unread(view, domain), ...broken(view, domain)]),
    ...rejectWithoutKey(view),
    ...policiesElsewhere(view),
  ]
}

function unread(view: ZoneView, domain: Domain): Finding[] {
  const at = joinName('_dmarc', domain.name)
  const why = 'for a policy, as it does not begin with v=DMARC1 and a semicolon (RFC 9989 §4.7)'
  return unreadValues(view, domain, { part: 'dmarc', at, isRead: isDmarcValue, resembles: resemblesDmarc, why })
}

/** What stands where the spec asks for no policy, and is none to receivers. */
function broken(view: ZoneView, domain: Domain): Finding[] {
  const at = joinName('_dmarc', domain.name)
  const what = `the policy at ${displayName(at)}`
  const outcome = 'receivers apply none'
  return brokenValue(view, domain, { part: 'dmarc', at, what, outcome, isRead: isDmarcValue, read: readDmarc })
}

/** What a `_dmarc` leads to that is a CNAME: a policy, one, and a sound one. */
function policiesElsewhere(view: ZoneView): Finding[] {
  return view.aliases.flatMap(({ purpose, rrset: { name, rdata }, from }) => {
    const [target] = rdata
    const texts = purpose === 'dmarc' && target !== undefined ? textsAt(view, target) : undefined
    if (target === undefined || texts === undefined) return []
    const values = texts.filter((value) => readVersioned(value).value !== undefined)
    const fault = values.length === 1 ? readDmarc(values[0] as string).faults[0] : undefined
    if (values.length === 1 && fault === undefined) return []
    const what = fault
      ? `whose policy is wrong (${fault.section}): ${fault.message}`
      : values.length === 0
        ? 'which has no DMARC policy'
        : `which has ${values.length} DMARC policies, so receivers apply none (RFC 9989 §4.10)`
    return [
      finding(
        'warning',
        'dmarc-cname-without-policy',
        from,
        `${displayName(name)} leads to ${displayName(target)}, ${what}`,
        'put right what is there, or name another place',
      ),
    ]
  })
}

function policyTwice(view: ZoneView): Finding[] {
  return view.domains.flatMap(({ name, from }) => {
    const owner = joinName('_dmarc', name)
    const values = textsAt(view, owner) ?? []
    const count = values.length < 2 ? 0 : values.filter((value) => readVersioned(value).value !== undefined).length
    if (count < 2) return []
    return [
      finding(
        'warning',
        'dmarc-twice',
        [...from, 'dmarc'],
        `${displayName(owner)} has ${count} DMARC policies, so receivers apply none (RFC 9989 §4.10)`,
        'delete all but one of them',
      ),
    ]
  })
}

/** Where the spec has no key that signs, the zone may have one: a signer that made its own is left to it. */
function rejectWithoutKey(view: ZoneView): Finding[] {
  const own = new Set(view.records.flatMap(({ purpose, rrset }) => (purpose === 'dkim' ? [rrset.name] : [])))
  let keysIn: ReadonlyMap<string, readonly Name[]> | undefined
  return view.domains.flatMap((domain) => {
    const folder = joinName('_domainkey', domain.name)
    if (!rejectsUnsigned(domain, view.input) || !answers(view, folder, 'TXT')) return []
    keysIn ??= keysByFolder(view.zone.rrsets)
    const keys = (keysIn.get(folder) ?? []).filter((name) => !own.has(name))
    if (keys.length === 0) return [unsignedFinding(domain, view.input)]
    const [are, those] = keys.length === 1 ? ['a key is', 'that key'] : ['keys are', 'those keys']
    return [
      finding(
        'note',
        'dkim-key-of-signer',
        domain.dmarc === false ? domain.from : domain.dmarc.from,
        `${displayName(domain.name)} asks to reject what fails DMARC, and no key of this spec signs; ${are} in the zone that mailsync did not make: ${keys.map(displayName).join(', ')}`,
        `if your signer uses ${those}, keep dkim: ${domain.dkim === false ? 'false' : 'as it is'}: mailsync leaves ${those} alone`,
      ),
    ]
  })
}

/** The names at which keys are, by the `_domainkey` that they lie below. */
function keysByFolder(rrsets: readonly AnyRRset[]): Map<string, Name[]> {
  const folders = rrsets
    .filter(isKey)
    .flatMap(({ name }) =>
      [...name.matchAll(/\.(?=_domainkey\.)/g)].map(({ index }) => ({ folder: name.slice(index + 1), name })),
    )
  const byFolder = groupBy(folders, ({ folder }) => folder)
  return new Map([...byFolder].map(([folder, keys]) => [folder, keys.map(({ name }) => name)]))
}

function isKey(rrset: AnyRRset): boolean {
  if (rrset.type === 'CNAME') return true
  return (
    isKnown(rrset) &&
    rrset.type === 'TXT' &&
    rdataTexts(rrset).some((value) => isDkimValue(value) && publishedKey(value))
  )
}
