import type { DmarcPolicy } from '../../spec.js'
import { type Fault, none, type Reading, readTxt, sameReading } from '../reading.js'
import { readTags, strip, type Tag, WSP } from '../tag-list.js'
import { mailto, type ReportUri, readReportUri } from './report-uri.js'

/** A DMARC policy as receivers apply it (RFC 9989 §4.7). Absent tags are absent here, but for those with a default. */
export interface DmarcRecord {
  /** `none` where there is no `p` and reports are asked for (RFC 9989 §4.7). */
  readonly policy: DmarcPolicy
  readonly hasPolicy: boolean
  readonly subdomains?: DmarcPolicy
  readonly nonexistent?: DmarcPolicy
  readonly testing: boolean
  readonly adkim: 'relaxed' | 'strict'
  readonly aspf: 'relaxed' | 'strict'
  readonly psd: 'y' | 'n' | 'u'
  /** Of `fo`, in lower case, as written; the default is `0`. */
  readonly failureOptions?: string
  readonly rua: readonly ReportUri[]
  readonly ruf: readonly ReportUri[]
  /** Tags of RFC 7489 that RFC 9989 removed, `pct`, `rf` and `ri`, and those that no RFC knows; receivers ignore them. */
  readonly ignored: readonly Tag[]
}

const SECTION = 'RFC 9989 §4.7'
const SYNTAX = { blanks: WSP, section: 'RFC 9989 §4.8' }
const POLICIES: readonly string[] = ['none', 'quarantine', 'reject'] satisfies DmarcPolicy[]
const OPTIONS = /^[01ds](?::[01ds])*$/i

/**
 * Whether a TXT value is meant as a DMARC policy or a report authorisation: its first tag is the version. Spelt as no
 * strict receiver takes it, in lower case or after white space, it is still nobody else's value.
 */
export function isDmarcValue(value: string): boolean {
  const head = value.length > 4096 ? value.slice(0, 4096) : value
  const [name = '', version = '', ...more] = (head.split(';', 1)[0] as string).split('=')
  return strip(name, WSP).toLowerCase() === 'v' && strip(version, WSP).toLowerCase() === 'dmarc1' && more.length === 0
}

/** Reads a DMARC policy (RFC 9989 §4.7, §4.8). A tag whose value is wrong is as good as absent. */
export function readDmarc(text: string): Reading<DmarcRecord> {
  return readTxt(text, readPolicy)
}

function readPolicy(text: string): Reading<DmarcRecord> {
  const list = readVersioned(text)
  if (list.value === undefined) return none(list.faults)
  const tags = new Map(list.value.map((tag) => [tag.name, tag]))
  const faults: Fault[] = [...list.faults]
  const word = <W extends string>(name: string, words: readonly string[]): W | undefined => {
    const found = tags.get(name)?.value
    const lower = found?.toLowerCase()
    if (lower === undefined || words.includes(lower)) return lower as W | undefined
    faults.push({ section: SECTION, message: `${name}=${found}: only ${words.join(', ')} can stand there` })
    return undefined
  }
  const uris = (name: string): ReportUri[] => readUris(name, tags.get(name)?.value, faults)
  const asked = ['p', 'sp', 'np'].map((name) => ({ name, found: word<DmarcPolicy>(name, POLICIES) }))
  const [policy, subdomains, nonexistent] = asked.map(({ found }) => found)
  const [rua, ruf] = [uris('rua'), uris('ruf')]
  const fo = tags.get('fo')?.value
  if (fo !== undefined && !OPTIONS.test(fo))
    faults.push({ section: SECTION, message: `fo=${fo}: only 0, 1, d, s can stand there, separated by colons` })
  const isWrong = asked.some(({ name, found }) => found === undefined && tags.has(name))
  if ((policy === undefined || isWrong) && !rua.some(({ address }) => address))
    return none([...faults, { section: SECTION, message: 'without p, and without a rua, receivers do not look at it' }])
  const record: DmarcRecord = {
    policy: isWrong ? 'none' : (policy ?? 'none'),
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
    ignored: list.value.filter(({ name }) => !HEEDED.has(name)),
  }
  return { value: record, faults }
}

const HEEDED = new Set(['v', 'p', 'sp', 'np', 't', 'adkim', 'aspf', 'psd', 'fo', 'rua', 'ruf'])

/** The tags of a value whose first one is exactly `v=DMARC1`, their names in lower case; RFC 6376 §3.2 takes none twice. */
export function readVersioned(text: string): Reading<readonly Tag[]> {
  const { tags: written, faults } = readTags(text, SYNTAX)
  const tags = written.map((tag) => ({ ...tag, name: tag.name.toLowerCase() }))
  const [version] = tags
  if (text === '' || WSP.includes(text[0] as string) || version?.name !== 'v' || version.value !== 'DMARC1')
    return none([{ section: SECTION, message: 'it does not begin with v=DMARC1' }, ...faults])
  if (new Set(tags.map(({ name }) => name)).size < tags.length)
    return none([...faults, { section: SYNTAX.section, message: 'a tag is there twice' }])
  return { value: tags, faults }
}

/** Reads a list of report URIs; what is none is left out, with its fault. */
export function readUris(tag: string, list: string | undefined, faults: Fault[]): ReportUri[] {
  if (list === undefined) return []
  return list.split(',').flatMap((part) => {
    const uri = strip(part, WSP)
    const read = readReportUri(uri)
    if (typeof read !== 'string') return [read]
    faults.push({ section: SECTION, message: `${uri} in ${tag}: ${read}` })
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
  const options = [...new Set((record.failureOptions ?? '0').split(':'))].sort()
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
