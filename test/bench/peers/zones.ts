import { publicKeys, zoneNames } from '../workload.js'

/** One RRset with a TTL of 3,600 seconds, as every tool of the benchmark is to have it. */
export interface BenchRRset {
  /** Relative to the zone; empty at its apex. */
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT'
  /** Rdata as text; of a TXT its octets, in no quotes. */
  readonly values: readonly string[]
}

export interface BenchZone {
  /** Without the dot at its end. */
  readonly name: string
  /** What stands in it before the first run. */
  readonly before: readonly BenchRRset[]
  /** What stands in it after: 12 RRsets. mailsync puts its manifest beside them. */
  readonly after: readonly BenchRRset[]
}

export const MX_HOSTS = ['mx1.hosting.example', 'mx2.hosting.example'] as const
export const SPF_INCLUDE = '_spf.hosting.example'

const TOKEN = 'hosting-site-verification=Zm9yZWlnbi12YWx1ZS0wMDAx'
const OTHERS: readonly BenchRRset[] = [
  { name: '', type: 'A', values: ['198.18.0.10'] },
  { name: '', type: 'AAAA', values: ['2001:db8:0:10::10'] },
  { name: 'autodiscover', type: 'CNAME', values: ['autodiscover.hosting.example.'] },
  { name: 'ftp', type: 'A', values: ['198.18.0.11'] },
  { name: 'imap', type: 'CNAME', values: ['imap.hosting.example.'] },
  { name: 'shop', type: 'A', values: ['198.18.0.12', '198.18.0.13'] },
  { name: 'www', type: 'CNAME', values: ['web.hosting.example.'] },
]

/** Zones of a hosting company that begins to keep the mail records of its customers as code. */
export function benchZones(count: number): BenchZone[] {
  return zoneNames(count).map((name, index) => {
    const keys = publicKeys(index).map(({ selector, algorithm, publicKey }): BenchRRset => {
      const kind = algorithm === 'ed25519' ? 'ed25519' : 'rsa'
      return { name: `${selector}._domainkey`, type: 'TXT', values: [`v=DKIM1; k=${kind}; p=${publicKey}`] }
    })
    const mail: BenchRRset[] = [
      { name: '', type: 'MX', values: MX_HOSTS.map((host, at) => `${(at + 1) * 10} ${host}.`) },
      { name: '', type: 'TXT', values: [TOKEN, `v=spf1 include:${SPF_INCLUDE} -all`] },
      { name: '_dmarc', type: 'TXT', values: [`v=DMARC1; p=quarantine; rua=mailto:dmarc@${name}`] },
      ...keys,
    ]
    return { name, before: [...OTHERS, { name: '', type: 'TXT', values: [TOKEN] }], after: [...OTHERS, ...mail] }
  })
}

/** The RRsets as lines of a master file. */
export function masterLines(rrsets: readonly BenchRRset[]): string {
  return rrsets
    .flatMap(({ name, type, values }) =>
      values.map((value) => `${name || '@'} 3600 IN ${type} ${type === 'TXT' ? quoted(value) : value}`),
    )
    .join('\n')
}

function quoted(text: string): string {
  return (text.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`).join(' ')
}
