import {
  type CaaIssuer,
  type CaaProperty,
  caaMeaning,
  ISSUE_TAGS,
  type IssueTag,
  readCaa,
} from '../../../../records/families/caa/read-caa.js'
import type { Name } from '../../../../records/rr/name.js'
import { rdataText } from '../../../../records/rr/rdata.js'
import type { RawCaa } from '../../../config/certificates/raw-caa.js'
import type { Holdings } from '../../holdings/holdings.js'
import { type Remark, remark } from '../remark.js'

interface CaaAndRemarks {
  readonly caa?: RawCaa
  readonly remarks: readonly Remark<'caa'>[]
}

/** The CAA of a name, as far as a spec can say them; what it cannot say stays, as a stranger's. */
export function draftCaa(name: Name, holdings: Holdings): CaaAndRemarks {
  const held = holdings.get(name, 'CAA')
  if (!held) return { remarks: [] }
  const texts = held.rdata.map((rdata) => rdataText('CAA', rdata))
  if (held.locked !== undefined) return stays(texts, held.locked)
  const read = texts.map((text) => ({ text, meaning: caaMeaning(text), property: soundProperty(text) }))
  const isCritical = read.some(({ property }) => property?.critical && isWeb(property.tag))
  const said = read.filter(({ property }) => property && isSaid(property, isCritical))
  const kept = read.filter((one) => !said.includes(one) && !said.some(({ meaning }) => meaning === one.meaning))
  const properties = [...new Map(said.map(({ meaning, property }) => [meaning, property as CaaProperty])).values()]
  const caa: RawCaa = { ...draftOf(properties), ...(isCritical && { critical: true }) }
  const remarks =
    kept.length === 0
      ? []
      : stays(
          kept.map(({ text }) => text),
          'a spec does not say them',
        ).remarks
  return { ...(properties.length > 0 && { caa }), remarks }
}

function stays(texts: readonly string[], why: string): CaaAndRemarks {
  return { remarks: [remark('caa', `These CAA values stay as they are: ${why}.`, texts)] }
}

function soundProperty(text: string): CaaProperty | undefined {
  const { value, faults } = readCaa(text)
  return faults.length > 0 ? undefined : value
}

function isWeb(tag: string): boolean {
  return tag === 'issue' || tag === 'issuewild'
}

const SAID = ['accounturi', 'validationmethods']

function isSaid({ tag, critical, issuer }: CaaProperty, isCritical: boolean): boolean {
  if (critical !== (isCritical && isWeb(tag))) return false
  if (tag === 'iodef') return true
  if (!issuer) return false
  return issuer.ca === '' ? issuer.parameters.length === 0 : issuer.parameters.every(({ name }) => SAID.includes(name))
}

function draftOf(properties: readonly CaaProperty[]): RawCaa {
  const issuers = (Object.keys(ISSUE_TAGS) as IssueTag[]).flatMap((tag) => {
    const own = properties.filter((one) => one.tag === tag).flatMap(({ issuer }) => issuer ?? [])
    if (own.length === 0) return []
    const cas = own.filter(({ ca }) => ca !== '')
    return [[tag, cas.length === 0 ? 'none' : cas.map(plainIssuer)] as const]
  })
  const reports = properties.filter(({ tag }) => tag === 'iodef').map(({ value }) => value)
  const [only, ...more] = reports
  return {
    ...Object.fromEntries(issuers),
    ...(only !== undefined && { iodef: more.length === 0 ? only : reports }),
  }
}

function plainIssuer({ ca, parameters }: CaaIssuer): Exclude<NonNullable<RawCaa['issue']>, 'none'>[number] {
  const given = new Map(parameters.map(({ name, value }) => [name, value]))
  const [accounturi, methods] = SAID.map((name) => given.get(name))
  if (accounturi === undefined && methods === undefined) return ca
  return {
    ca,
    ...(accounturi !== undefined && { accounturi }),
    ...(methods !== undefined && { validationmethods: methods.split(',') }),
  }
}
