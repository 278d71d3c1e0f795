import { cut } from '../../cut.js'
import type { DmarcPolicy } from '../../spec.js'
import { type Fault, none, type Reading, readTxt, sameReading } from '../reading.js'
import { isOfVersion, readTags, strip, type Tag, WSP } from '../tag-list.js'
import { mailto, type ReportUri, readReportUri } from './report-uri.js'

/** A DMARC policy as receivers apply it (RFC 9989 §4.7). Absent tags are absent here, but for those with a default. */
export interface DmarcRecord {
  /** `none` where there is no sound `p` and reports are asked for (RFC 9989 §4.7). */
  readonly policy: DmarcPolicy
  readonly hasPolicy: boolean
  readonly subdomains?: DmarcPolicy | undefined
  readonly nonexistent?: DmarcPolicy | undefined
  readonly testing: boolean
  readonly adkim: 'relaxed' | 'strict'
  readonly aspf: 'relaxed' | 'strict'
  readonly psd: 'y' | 'n' | 'u'
  /** Of `fo`, in lower case, as written; the default is `0`. */
  readonly failureOptions?: string | undefined
  readonly rua: readonly ReportUri[]
  readonly ruf: readonly ReportUri[]
  /** Tags of RFC 7489 that RFC 9989 removed, `pct`, `rf` and `ri`, and those that no RFC knows; receivers ignore them. */
  readonly ignored: readonly Tag[]
}

const SECTION = 'RFC 9989 §4.7'
const SYNTAX = { blanks: WSP, section: 'RFC 9989 §4.8' }
const POLICIES: readonly string[] = ['none', 'quarantine', 'reject'] satisfies DmarcPolicy[]
const OPTIONS = /^[01ds](?::[01ds])*$/i

/** Whether a TXT value is meant as a DMARC policy or a report authorisation. */
export function isDmarcValue(value: string): boolean {
  return isOfVersion(value, 'DMARC1')
}

/** Whether somebody meant a TXT value as a DMARC policy, and it is none: backslashes, quotation marks, or no semicolon behind the version. */
export function resemblesDmarc(value: string): boolean {
  return !isDmarcValue(value) && /^[\s"'\\]*v\s*=\s*dmarc1(?!\d)/i.test(value)
}

/** Reads a DMARC policy (RFC 9989 §4.7, §4.8). A tag whose value is wrong is as good as absent. */
export function readDmarc(text: string): Reading<DmarcRecord> {
  return readTxt(text, (value) => {
    const { record, faults, isApplied } = dmarcAsMeant(value)
    return isApplied ? { value: record, faults } : none(faults)
  })
}

/**
 * What a value says tag by tag, whether or not receivers take it for a policy. What a tag that is there twice asks for is the
 * weaker of its values: to ask for more than anybody did loses mail.
 */
export function dmarcAsMeant(text: string): {
  readonly record: DmarcRecord
  readonly faults: readonly Fault[]
  readonly isApplied: boolean
  readonly isTwice: boolean
} {
  const { tags: list, faults: syntax, isRecord, isTwice } = taggedVersion(text)
  const valuesOf = (name: string): string[] => list.filter((tag) => tag.name === name).map(({ value }) => value)
  const faults: Fault[] = []
  const word = <W extends string>(name: string, weakestFirst: readonly string[]): W | undefined => {
    const found = valuesOf(name)
    const odd = found.find((value) => !weakestFirst.includes(value.toLowerCase()))
    if (odd === undefined)
      return weakestFirst.find((one) => found.some((value) => value.toLowerCase() === one)) as W | undefined
    faults.push({
      section: SECTION,
      message: `${name}=${cut(odd)}: only ${weakestFirst.join(', ')} can stand there`,
    })
    return undefined
  }
  const asked = ['p', 'sp', 'np'].map((name) => ({ name, found: word<DmarcPolicy>(name, POLICIES) }))
  const [policy, subdomains, nonexistent] = asked.map(({ found }) => found)
  const [rua, ruf] = (['rua', 'ruf'] as const).map((name) =>
    valuesOf(name).flatMap((value) => readUris(name, value, faults)),
  ) as [ReportUri[], ReportUri[]]
  const fo = valuesOf('fo').at(-1)
  if (fo !== undefined && !OPTIONS.test(fo))
    faults.push({ section: SECTION, message: `fo=${fo}: only 0, 1, d, s can stand there, separated by colons` })
  const isUnsure =
    policy === undefined || asked.some(({ name, found }) => found === undefined && valuesOf(name).length > 0)
  const isLost = isUnsure && !rua.some(({ address }) => address)
  if (isLost && policy === undefined)
    faults.push({ section: SECTION, message: 'without p=, and without rua=, receivers do not look at it' })
  const record: DmarcRecord = {
    policy: policy ?? 'none',
    hasPolicy: policy !== undefined,
    ...(subdomains === undefined ? {} : { subdomains }),
    ...(nonexistent === undefined ? {} : { nonexistent }),
    testing: word('t', ['y', 'n']) === 'y',
    adkim: word('adkim', ['r', 's']) === 's' ? 'strict' : 'relaxed',
    aspf: word('aspf', ['r', 's']) === 's' ? 'strict' : 'relaxed',
    psd: word<'y' | 'n' | 'u'>('psd', ['y', 'n', 'u']) ?? 'u',
    ...(fo === undefined || !OPTIONS.test(fo) ? {} : { failureOptions: fo.toLowerCase() }),
    rua,
    ruf,
    ignored: list.filter(({ name }) => !HEEDED.has(name)),
  }
  // First what it is no policy for: odd tags alone are passed over.
  const told = isRecord && isLost ? [...faults, ...syntax] : [...syntax, ...faults]
  return { record, faults: told, isApplied: isRecord && !isLost, isTwice }
}

const HEEDED = new Set(['v', 'p', 'sp', 'np', 't', 'adkim', 'aspf', 'psd', 'fo', 'rua', 'ruf'])

/** The tags of a value whose first one is exactly `v=DMARC1`, their names in lower case; RFC 6376 §3.2 takes none twice. */
export function readVersioned(text: string): Reading<readonly Tag[]> {
  const { tags, faults, isRecord } = taggedVersion(text)
  return isRecord ? { value: tags, faults } : none(faults)
}

function taggedVersion(text: string): {
  tags: readonly Tag[]
  faults: readonly Fault[]
  isRecord: boolean
  isTwice: boolean
} {
  const list = readTags(text, SYNTAX)
  const tags = list.tags.map((tag) => ({ ...tag, name: tag.name.toLowerCase() }))
  const faults = [...list.faults]
  const [version] = tags
  const begins = version?.name === 'v' && version.value === 'DMARC1' && !WSP.includes(text[0] as string)
  if (!begins) faults.push({ section: SECTION, message: 'it does not begin with v=DMARC1, in capitals' })
  const isTwice = new Set(tags.map(({ name }) => name)).size < tags.length
  if (isTwice && list.faults.length === 0) faults.push({ section: SYNTAX.section, message: 'a tag is there twice' })
  return { tags, faults, isRecord: begins && !isTwice, isTwice }
}

/** Reads a list of report URIs; what is none is left out, with its fault. */
export function readUris(tag: string, list: string | undefined, faults: Fault[]): ReportUri[] {
  if (list === undefined) return []
  return list.split(',').flatMap((part) => {
    const uri = strip(part, WSP)
    const read = readReportUri(uri)
    if (typeof read !== 'string') return [read]
    const what = uri === '' ? 'an empty address' : uri
    faults.push({ section: SECTION, message: `${what} in ${tag}: ${read}` })
    return []
  })
}

/** Whether two policies are the same to receivers, those of before RFC 9989 too: defaults, spelling and order mean nothing. */
export function sameDmarc(a: string, b: string): boolean {
  return sameReading([a, b], readDmarc, meaningOf)
}

function meaningOf(record: DmarcRecord): string {
  const { policy, subdomains = policy, nonexistent = subdomains } = record
  const percent = record.ignored.find(({ name }) => name === 'pct')?.value ?? '100'
  const asksNothing = [policy, subdomains, nonexistent].every((one) => one === 'none')
  // Failure options without an address for the reports are ignored (RFC 9989 §4.7).
  const failureOptions = record.ruf.length > 0 ? (record.failureOptions ?? '0') : '0'
  const options = [...new Set(failureOptions.split(':'))].sort()
  return JSON.stringify([
    [policy, subdomains, nonexistent, record.testing, record.adkim, record.aspf, record.psd],
    asksNothing ? '100' : percent,
    options,
    targetsOf(record.rua),
    targetsOf(record.ruf),
  ])
}

/** Where reports go, in their order; what is not sent by mail is not sent. */
export function targetsOf(uris: readonly ReportUri[]): string[] {
  return uris.flatMap(({ uri, address }) => (address ? [mailto(address) + queryOf(uri)] : []))
}

function queryOf(uri: string): string {
  const query = uri.indexOf('?')
  return query < 0 ? '' : uri.slice(query)
}
