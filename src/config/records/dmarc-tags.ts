import { type DmarcRecord, dmarcAsMeant } from '../../../records/families/dmarc/read-dmarc.js'
import { addressText, type ReportUri } from '../../../records/families/dmarc/report-uri.js'
import type { DmarcPolicy } from '../../../records/spec.js'

/** The keys of `dmarc` in a spec. */
export interface DmarcDraft {
  readonly policy: DmarcPolicy
  readonly subdomains?: DmarcPolicy
  readonly nonexistent?: DmarcPolicy
  readonly testing: boolean
  readonly adkim: 'relaxed' | 'strict'
  readonly aspf: 'relaxed' | 'strict'
  readonly fo?: string
  /** Mail addresses, as the spec has them, each once. */
  readonly rua: readonly string[]
  readonly ruf: readonly string[]
}

/** What a DMARC value says, as far as a spec has words for it. */
export interface DmarcMeaning {
  readonly dmarc: DmarcDraft
  /** Whether a tag is there twice, which makes the value none (RFC 9989 §4.8); the weaker value is the one here. */
  readonly isTwice: boolean
  /** What receivers do not look at, and the spec leaves out. */
  readonly ignored: readonly string[]
  /** What a spec cannot say and receivers may heed. Where there is any, the value had better stay as it is. */
  readonly unsupported: readonly string[]
}

/** Tells of a DMARC value what a spec has words for (RFC 9989 §4.7; `pct`, `rf` and `ri` are of RFC 7489). */
export function dmarcMeaning(value: string): DmarcMeaning {
  const { record, faults, isTwice } = dmarcAsMeant(value)
  const { policy, subdomains, nonexistent, testing, adkim, aspf, failureOptions } = record
  const ignored: string[] = record.hasPolicy ? [] : ['without p= the policy is none (RFC 9989 §4.7)']
  const unsupported = faults.map(({ message }) => message)
  const addresses = (tag: 'rua' | 'ruf'): string[] => [
    ...new Set(record[tag].flatMap((uri) => address(tag, uri, ignored, unsupported))),
  ]
  const dmarc: DmarcDraft = {
    policy,
    ...(subdomains === undefined ? {} : { subdomains }),
    ...(nonexistent === undefined ? {} : { nonexistent }),
    testing: testing || isForNobody(record),
    adkim,
    aspf,
    ...(failureOptions === undefined ? {} : { fo: failureOptions }),
    rua: addresses('rua'),
    ruf: addresses('ruf'),
  }
  oldTags(record, ignored, unsupported)
  return { dmarc, isTwice, ignored, unsupported }
}

/** Whether it has `pct=0`, by which a domain said before RFC 9989 what `t=y` says now. */
function isForNobody({ ignored }: Pick<DmarcRecord, 'ignored'>): boolean {
  return ignored.some(({ name, value }) => name === 'pct' && /^0+$/.test(value))
}

function oldTags(
  { policy, subdomains, nonexistent, psd, ignored: tags }: DmarcRecord,
  ignored: string[],
  unsupported: string[],
): void {
  const asksNothing = [policy, subdomains ?? 'none', nonexistent ?? 'none'].every((one) => one === 'none')
  for (const { name, value } of tags) {
    if (name === 'pct' && value !== '100' && !asksNothing)
      unsupported.push(
        isForNobody({ ignored: tags })
          ? `pct=${value}: RFC 9989 removed it, and its receivers apply the whole policy; testing: true tells them to apply it one step weaker (t=y), as those that know pct=0 do`
          : `pct=${value}: RFC 9989 removed it, and receivers that still know it would become stricter; see dmarc.testing`,
      )
    else if (['pct', 'rf', 'ri'].includes(name)) ignored.push(`${name}=${value}: RFC 9989 removed it`)
    else ignored.push(`${name}=${value}: receivers ignore tags they do not know`)
  }
  if (psd !== 'u') unsupported.push(`psd=${psd}: a spec has no word for it`)
}

function address(tag: string, { uri, address, size }: ReportUri, ignored: string[], unsupported: string[]): string[] {
  if (address === undefined) {
    ignored.push(`${uri} in ${tag}: reports are sent by mail only`)
    return []
  }
  if (uri.includes('?')) unsupported.push(`${uri} in ${tag}: a spec has addresses only`)
  if (size !== undefined) ignored.push(`${size} in ${tag}: RFC 9989 ignores the size`)
  return [addressText(address)]
}
