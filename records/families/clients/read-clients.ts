import { type Name, ROOT } from '../../rr/name.js'
import { parseRdata, type Srv } from '../../rr/rdata.js'
import { type Fault, none, type Reading, readTxt } from '../reading.js'
import { readTags, WSP } from '../tag-list.js'

/** What leads clients to a server: where a service is, the name of another host, or the digest of a PACC document. */
export type ClientsRecord =
  | { readonly kind: 'srv'; readonly srv: Srv }
  | { readonly kind: 'name'; readonly name: Name }
  | { readonly kind: 'digest'; readonly algorithm: string; readonly digest: string }

const PACC = 'draft-ietf-mailmaint-pacc-04'
const SHA256_BASE64 = /^[A-Za-z0-9+/]{43}=$/

/** Reads an SRV record in presentation form (RFC 2782), the target of a CNAME, or the TXT of PACC. */
export function readClients(text: string): Reading<ClientsRecord> {
  if (/^[ \t]*v[ \t]*=/i.test(text)) return readTxt(text, readDigest)
  if (/^[ \t]*\d+[ \t]/.test(text)) {
    const srv = parseRdata('SRV', text)
    return srv === undefined
      ? none([{ section: 'RFC 2782', message: 'it is no priority, weight, port and target' }])
      : { value: { kind: 'srv', srv }, faults: [] }
  }
  const name = parseRdata('CNAME', text)
  return name === undefined
    ? none([{ section: 'RFC 1035 §3.3.1', message: 'it is no name of a host' }])
    : { value: { kind: 'name', name }, faults: [] }
}

function readDigest(text: string): Reading<ClientsRecord> {
  const { tags, faults: syntax } = readTags(text, { blanks: WSP, section: PACC })
  const faults: Fault[] = [...syntax]
  const value = (name: string): string | undefined => tags.find((tag) => tag.name === name)?.value
  const [algorithm = '', digest = ''] = [value('a'), value('d')]
  if (tags[0]?.name !== 'v' || tags[0].value !== 'UAAC1')
    faults.push({ section: PACC, message: 'it does not begin with v=UAAC1' })
  if (algorithm !== 'sha256') faults.push({ section: PACC, message: `a=${algorithm}: only sha256 can stand there` })
  if (!SHA256_BASE64.test(digest)) faults.push({ section: PACC, message: 'd= is no SHA-256 in base64' })
  return faults.length > 0 ? none(faults) : { value: { kind: 'digest', algorithm, digest }, faults }
}

/** As it is written. */
export function writeClients(record: ClientsRecord): string {
  if (record.kind === 'name') return record.name
  if (record.kind === 'digest') return `v=UAAC1; a=${record.algorithm}; d=${record.digest}`
  const { priority, weight, port, target } = record.srv
  return `${priority} ${weight} ${port} ${target}`
}

/** A service that is not offered has no port and no weight (RFC 6186 §3.4). */
export function clientsMeaning(record: ClientsRecord): string {
  return record.kind === 'srv' && record.srv.target === ROOT ? '.' : writeClients(record)
}
