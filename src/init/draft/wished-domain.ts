import { relayNamed } from '../../../records/relays/index.js'
import { displayName, joinName, type Name } from '../../../records/rr/name.js'
import type { Mx } from '../../../records/rr/rdata.js'
import type { DmarcDraft } from '../../config/records/dmarc-tags.js'
import type { DomainDraft, HostDraft } from '../../import/draft/draft.js'
import { relayDraft, withMx } from '../../import/draft/draft-relays.js'
import { remark } from '../../import/draft/remark.js'
import { type Answers, isSilent } from '../answers.js'
import { type DnsView, selectorsSeen } from '../dns-view.js'
import type { Part } from './part.js'
import { includesOf } from './wished-relays.js'

type Hosts = ReadonlyMap<Name, HostDraft>

export const NO_DMARC: DmarcDraft = {
  policy: 'none',
  testing: false,
  adkim: 'relaxed',
  aspf: 'relaxed',
  rua: [],
  ruf: [],
}

export function wishedMx({ spf, relays }: DomainDraft, { receives, sends }: Answers): Part | undefined {
  if (receives === 'as-is') return undefined
  const about = 'mx'
  if (receives !== 'nothing')
    return {
      about,
      parked: false,
      mx: receives,
      relays: withMx(relays, receives),
      remarks: [remark(about, 'What receives mail for this domain.')],
    }
  if (sends === 'as-is' && spf === false) return { about, mx: 'none', relays: withMx(relays, 'none') }
  const why =
    'It receives nothing, and has no null MX: receivers refuse mail from a domain that has one (RFC 7505 §4.2).'
  return { about, parked: false, mx: undefined, relays: withoutMx(relays), remarks: [remark(about, why)] }
}

/** What DNS lets send goes on sending, unless nothing is to send. */
export function wishedSpf(domain: DomainDraft, { sends, host }: Answers, hosts: Hosts): Part | undefined {
  if (sends === 'as-is') return undefined
  const old = domain.remarks.filter(({ key, lines }) => key === 'spf' && lines.length > 0)
  if (isSilent(sends)) {
    const spf = {
      mx: receiversIn(domain, hosts).length === 0,
      hosts: [],
      addresses: [],
      include: [],
      terms: [],
      all: 'fail' as const,
    }
    return { about: 'spf', parked: false, spf, remarks: [remark('spf', 'Nothing sends from this domain.'), ...old] }
  }
  const before = domain.spf === false ? undefined : domain.spf
  const receivers = receiversIn(domain, hosts)
  const isReceiver = host !== undefined && receivers.includes(host.name)
  const own = sends.here && host !== undefined && !isReceiver ? [host.name] : []
  const spf = {
    terms: [],
    ...before,
    mx: receivers.length === 0 || (sends.here && isReceiver) || before?.mx === true,
    hosts: [...new Set([...(before?.hosts ?? []), ...own])],
    addresses: before?.addresses ?? [],
    include: [...new Set([...(before?.include ?? []), ...sends.include, ...includesOf(domain, sends)])],
    all: before === undefined ? ('softfail' as const) : before.all,
  }
  const kept = 'What the SPF in DNS lets send goes on sending: take out what does not.'
  const about = `What may send mail from this domain.${before === undefined ? '' : ` ${kept}`}`
  return { about: 'spf', parked: false, spf, remarks: [remark('spf', about), ...old] }
}

function receiversIn({ mx }: DomainDraft, hosts: Hosts): Name[] {
  return (Array.isArray(mx) ? (mx as readonly Mx[]) : [])
    .map(({ exchange }) => exchange)
    .filter((name) => hosts.has(name))
}

/** Keys where a host here sends, unless some are in DNS: then the signer has its own. */
export function wishedDkim(domain: DomainDraft, hosts: Hosts, view: DnsView | undefined): Part | undefined {
  const { name, spf } = domain
  if (spf === false || !(spf.hosts.length > 0 || (spf.mx && receiversIn(domain, hosts).length > 0))) return undefined
  const seen = view ? selectorsSeen(name, view) : []
  const makes = '`mailsync apply` makes keys under keys/ and publishes them; the private ones are for your signer'
  const held = seen.length > 0 ? seen.join(', ') : 'selectors that cannot be guessed'
  if (seen.length > 0 || view?.hasKeys)
    return {
      about: 'dkim',
      dkimOff: true,
      remarks: [
        remark(
          'dkim',
          `DKIM keys in DNS, which stay as they are: ${held}. Without \`algorithms: []\` or \`dkim: false\` ${makes}.`,
        ),
      ],
    }
  const none = view ? 'no key is in DNS. ' : ''
  const text = `DKIM: ${none}${makes}. Where the signer has keys of its own, write instead:`
  return { about: 'dkim', dkimOff: false, remarks: [remark('dkim', text, ['dkim: false'])] }
}

/** A first policy, where DNS has nothing that could be one. */
export function wishedDmarc({ name, dmarc, mx }: DomainDraft, view: DnsView | undefined): Part | undefined {
  const owner = joinName('_dmarc', name)
  const isThere = view?.gathered.holdings.within(owner).some((set) => set.name === owner) ?? false
  if (dmarc !== false || isThere) return undefined
  const address = Array.isArray(mx) ? `dmarc@${displayName(name)}` : 'an address that receives mail'
  const text = `DMARC: ${view ? 'there is none today. With' : 'with'} \`none\` mail goes on as before. Make a mailbox for reports and add rua: [${address}]; when they show that your mail passes, write quarantine, then reject.`
  return { about: 'dmarc', dmarc: NO_DMARC, remarks: [remark('dmarc', text)] }
}

/** Relays of a domain that is to receive nothing: they only send. */
function withoutMx(relays: DomainDraft['relays']): DomainDraft['relays'] {
  return relays.flatMap(({ name, told }) => {
    const relay = relayNamed(name)
    return relay ? [relayDraft(relay, told, false, undefined)] : []
  })
}
