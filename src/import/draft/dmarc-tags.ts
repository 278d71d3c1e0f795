import { parseHostname } from '../../../records/rr/name.js'
import { encodeOctets } from '../../../records/rr/octets.js'
import type { DmarcPolicy } from '../../../records/spec.js'
import type { DmarcDraft } from './draft.js'

/** What a DMARC value says, as far as a spec has words for it. */
export interface DmarcReading {
  readonly dmarc: DmarcDraft
  /** What receivers do not look at, and the spec leaves out. */
  readonly idle: readonly string[]
  /** What a spec cannot say and receivers may heed. Where there is any, the value had better stay as it is. */
  readonly unsaid: readonly string[]
}

const POLICIES: readonly string[] = ['none', 'quarantine', 'reject'] satisfies DmarcPolicy[]
const KNOWN = ['v', 'p', 'sp', 'np', 'adkim', 'aspf', 't', 'fo', 'rua', 'ruf', 'pct', 'rf', 'ri', 'psd']

/** Reads a DMARC value (RFC 9989 §4.7; `pct`, `rf` and `ri` are of RFC 7489). */
export function readDmarc(value: string): DmarcReading {
  const idle: string[] = []
  const unsaid: string[] = []
  const tags = tagsOf(value, unsaid)
  const known = (tag: string, words: readonly string[]): string | undefined => {
    const word = tags.get(tag)?.toLowerCase()
    if (word === undefined || words.includes(word)) return word
    unsaid.push(`${tag}=${tags.get(tag)}: a spec knows only ${words.join(', ')}`)
    return undefined
  }
  const uris = (tag: string): string[] => reportAddresses(tag, tags.get(tag), idle, unsaid)
  const policyOf = (tag: string): DmarcPolicy | undefined => known(tag, POLICIES) as DmarcPolicy | undefined
  const rua = uris('rua')
  if (tags.get('v') !== 'DMARC1') unsaid.push(`v=${tags.get('v')}: receivers want v=DMARC1, in capitals`)
  if (!tags.has('p'))
    (rua.length > 0 ? idle : unsaid).push(
      rua.length > 0 ? 'without p= the policy is none (RFC 9989 §4.7)' : 'without p= receivers do not look at it',
    )
  const [subdomains, nonexistent, fo] = [policyOf('sp'), policyOf('np'), failureOptions(tags.get('fo'), unsaid)]
  const dmarc: DmarcDraft = {
    policy: policyOf('p') ?? 'none',
    ...(subdomains === undefined ? {} : { subdomains }),
    ...(nonexistent === undefined ? {} : { nonexistent }),
    testing: known('t', ['y', 'n']) === 'y',
    adkim: known('adkim', ['r', 's']) === 's' ? 'strict' : 'relaxed',
    aspf: known('aspf', ['r', 's']) === 's' ? 'strict' : 'relaxed',
    ...(fo === undefined ? {} : { fo }),
    rua,
    ruf: uris('ruf'),
  }
  oldTags(tags, dmarc, idle, unsaid)
  for (const [tag, word] of tags)
    if (!KNOWN.includes(tag)) idle.push(`${tag}=${word}: receivers ignore tags they do not know`)
  return { dmarc, idle, unsaid }
}

function tagsOf(value: string, unsaid: string[]): Map<string, string> {
  const tags = new Map<string, string>()
  for (const part of value.split(';')) {
    const [, tag, word] = /^\s*([a-z0-9_]+)\s*=\s*(.*?)\s*$/is.exec(part) ?? []
    if (tag !== undefined && word !== undefined && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), word)
    else if (part.trim() !== '') unsaid.push(`${part.trim()}: it is no tag, or there twice`)
  }
  return tags
}

function oldTags(tags: ReadonlyMap<string, string>, dmarc: DmarcDraft, idle: string[], unsaid: string[]): void {
  const pct = tags.get('pct')
  const asksNothing = [dmarc.policy, dmarc.subdomains ?? 'none', dmarc.nonexistent ?? 'none'].every(
    (one) => one === 'none',
  )
  if (pct !== undefined && (pct === '100' || asksNothing)) idle.push(`pct=${pct}: RFC 9989 removed it`)
  else if (pct !== undefined)
    unsaid.push(
      `pct=${pct}: RFC 9989 removed it, and receivers that still know it would become stricter; see dmarc.testing`,
    )
  for (const tag of ['rf', 'ri']) if (tags.has(tag)) idle.push(`${tag}=${tags.get(tag)}: RFC 9989 removed it`)
  const psd = tags.get('psd')
  if (psd?.toLowerCase() === 'u') idle.push('psd=u: it is the default')
  else if (psd !== undefined) unsaid.push(`psd=${psd}: a spec has no word for it`)
}

function failureOptions(fo: string | undefined, unsaid: string[]): string | undefined {
  if (fo === undefined || /^[01ds](:[01ds])*$/i.test(fo)) return fo?.toLowerCase()
  unsaid.push(`fo=${fo}: a spec knows only 0, 1, d, s, separated by colons`)
  return undefined
}

function reportAddresses(tag: string, list: string | undefined, idle: string[], unsaid: string[]): string[] {
  const uris = (list ?? '').split(',').map((uri) => uri.trim())
  return uris.flatMap((uri) => {
    if (uri === '') return []
    const [, local = '', host = '', size] = /^mailto:([^\s@]+)@([^\s@!]+)(![0-9]+[kmgt]?)?$/i.exec(uri) ?? []
    const domain = parseHostname(host)
    if (local !== '' && typeof domain === 'string') {
      if (size !== undefined) idle.push(`${size} in ${tag}: RFC 9989 ignores the size`)
      return [`${asciiLocal(local)}@${domain.slice(0, -1)}`]
    }
    if (/^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^mailto:/i.test(uri))
      idle.push(`${uri} in ${tag}: reports are sent by mail only`)
    else unsaid.push(`${uri} in ${tag}: it is no mail address`)
    return []
  })
}

/** Octets that are not printable ASCII percent-encoded, as the spec's own reading would do (RFC 6068 §2). */
function asciiLocal(local: string): string {
  return [...encodeOctets(local)]
    .map((octet) =>
      octet > 32 && octet < 127 ? String.fromCharCode(octet) : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
}
