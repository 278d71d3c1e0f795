import { isBimiValue, readBimi } from '../../../records/families/bimi/read-bimi.js'
import { addressText, readAddress } from '../../../records/families/dmarc/report-uri.js'
import { policyHostName } from '../../../records/families/mta-sts/policy.js'
import { isStsValue, readStsRecord } from '../../../records/families/mta-sts/read-record.js'
import { faultText, type Reading } from '../../../records/families/reading.js'
import { isTlsRptValue, readTlsRpt } from '../../../records/families/tls-rpt/read-tls-rpt.js'
import { displayName, joinName, labelsOf, type Name, parseHostname } from '../../../records/rr/name.js'
import type { Holdings } from '../holdings/holdings.js'
import { written } from '../write/plain-config.js'
import type { Plain } from '../write/yaml-text.js'
import type { DomainDraft, HostDraft, PolicyKey } from './draft.js'
import { type Remark, remark } from './remark.js'

/** The parts of a domain that are there or not, as its spec has them, with what is said about each. */
interface Policies {
  readonly policies: NonNullable<DomainDraft['policies']>
  readonly remarks: readonly Remark<PolicyKey>[]
}

type Drafted = { readonly value?: Plain; readonly remarks: readonly Remark<PolicyKey>[] }

const NOTHING: Drafted = { remarks: [] }

/** MTA-STS, TLS reports and BIMI of a domain; what a spec cannot say of them stays as it is. */
export function draftPolicies(name: Name, holdings: Holdings, hosts: ReadonlyMap<Name, HostDraft>): Policies {
  const drafted = {
    mta_sts: draftMtaSts(name, holdings, hosts),
    tls_rpt: draftTlsRpt(name, holdings),
    bimi: draftBimi(name, holdings),
  }
  const parts = Object.entries(drafted).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]]))
  return { policies: Object.fromEntries(parts), remarks: Object.values(drafted).flatMap(({ remarks }) => remarks) }
}

function draftMtaSts(name: Name, holdings: Holdings, hosts: ReadonlyMap<Name, HostDraft>): Drafted {
  const found = soleRecord('mta_sts', joinName('_mta-sts', name), holdings, isStsValue, readStsRecord)
  const own = policyHostName(name)
  if ('remarks' in found) return { remarks: [...found.remarks, ...hostRemarks(own, holdings)] }
  const host = draftHost(own, holdings, hosts)
  const at = `https://${displayName(own)}/.well-known/mta-sts.txt`
  const about = `The id of the policy at ${at}, which DNS does not show. For one that this spec keeps, write in place of it: mode: testing, later enforce.`
  return {
    value: { id: found.value.id, ...(host !== undefined && { host }) },
    remarks: [remark('mta_sts', about), ...(host === undefined ? hostRemarks(own, holdings) : [])],
  }
}

/** What stands at the name that the policy is fetched from, in the words of `host`; undefined where they have none. */
function draftHost(own: Name, holdings: Holdings, hosts: ReadonlyMap<Name, HostDraft>): Plain | undefined {
  const alias = holdings.get(own, 'CNAME')?.rdata[0]
  if (alias !== undefined) {
    if (typeof parseHostname(alias) !== 'string') return undefined
    return hosts.has(alias) ? { cname: written(alias) } : written(alias)
  }
  const held = holdings.addressesAt(own)
  if (!('addresses' in held)) return undefined
  const text = (addresses: readonly string[]): string => [...addresses].sort().join()
  const twin = [...hosts.values()].find((host) => host.name !== own && text(host.addresses) === text(held.addresses))
  return twin && written(twin.name)
}

function hostRemarks(own: Name, holdings: Holdings): Remark<PolicyKey>[] {
  const types = (['A', 'AAAA', 'CNAME'] as const).filter((type) => holdings.get(own, type))
  return types.length === 0 ? [] : [remark('mta_sts', `${displayName(own)} stays as it is: ${types.join(', ')}.`)]
}

function draftTlsRpt(name: Name, holdings: Holdings): Drafted {
  const found = soleRecord('tls_rpt', joinName('_smtp._tls', name), holdings, isTlsRptValue, readTlsRpt)
  if ('remarks' in found) return found
  const rua = found.value.rua.map((uri) => {
    const address = /^mailto:/i.test(uri) ? readAddress(uri) : undefined
    return address ? addressText(address) : uri
  })
  return { value: { rua }, remarks: [] }
}

function draftBimi(name: Name, holdings: Holdings): Drafted {
  const folder = joinName('_bimi', name)
  const sets = holdings.within(folder).filter(({ name, type }) => name !== folder && ['TXT', 'CNAME'].includes(type))
  const [set, ...others] = sets
  if (set === undefined) return NOTHING
  if (others.length > 0)
    return left(
      'bimi',
      `BIMI stays as it is, as a spec has one selector: ${sets.map((one) => displayName(one.name)).join(', ')}.`,
    )
  const found = soleRecord('bimi', set.name, holdings, isBimiValue, readBimi)
  if ('remarks' in found) return found
  const { location, authority, avatar = 'brand', others: tags } = found.value
  if (avatar !== 'brand' || tags.some((tag) => tag.name === 'lps'))
    return left(
      'bimi',
      'BIMI stays as it is, because a spec cannot say avp=personal or lps=:',
      holdings.texts(set.name),
    )
  const selector = labelsOf(set.name).slice(0, -labelsOf(folder).length).join('.')
  if (selector.includes('.')) return left('bimi', `BIMI stays as it is, at ${displayName(set.name)}.`)
  const logo = location + authority === '' ? { location: 'none' } : given({ location, authority })
  return { value: { ...logo, ...(selector !== 'default' && { selector }) }, remarks: [] }
}

function given(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''))
}

/** The one record of its kind at a name, without a fault; else what is said of what stands there. */
function soleRecord<Value>(
  key: PolicyKey,
  owner: Name,
  holdings: Holdings,
  isOwn: (value: string) => boolean,
  read: (value: string) => Reading<Value>,
): { readonly value: Value } | Drafted {
  const alias = holdings.get(owner, 'CNAME')?.rdata[0]
  if (alias !== undefined) return left(key, `${displayName(owner)} is a CNAME of ${displayName(alias)}, and stays one.`)
  const values = holdings.texts(owner).filter(isOwn)
  const [held] = values
  if (held === undefined) return NOTHING
  if (values.length > 1)
    return left(
      key,
      `${displayName(owner)} has several such values, so none of them counts. They stay as they are:`,
      values,
    )
  const { value, faults } = read(held)
  if (value !== undefined && faults.length === 0) return { value }
  const wrong = faults.map(faultText)
  return {
    remarks: [
      remark(key, `What stands at ${displayName(owner)} stays as it is:`, [held]),
      remark(key, 'What is wrong with it:', wrong),
    ],
  }
}

function left(key: PolicyKey, text: string, lines: readonly string[] = []): Drafted {
  return { remarks: [remark(key, text, lines)] }
}
