import type { SpecPath } from '../../../records/finding.js'
import { displayName, type Name, parseName } from '../../../records/rr/name.js'
import type { RawClients } from '../../config/clients/raw-clients.js'
import { plainPolicy, plainSpf } from '../write/plain-config.js'
import { flow } from '../write/yaml-text.js'
import type { DomainDraft, DomainKey, Draft, HostDraft, SpfDraft } from './draft.js'
import { withoutRelay } from './draft-relays.js'
import { remark } from './remark.js'

type Key = SpecPath[number] | undefined

/**
 * The draft without the part that `plan` objects to, so that what stands in DNS is left to itself, with the reason said in its
 * place; undefined where there is nothing to take away.
 */
export function dropPart(draft: Draft, [section, text, key, index, item]: SpecPath, reason: string): Draft | undefined {
  const name = parseName(String(text)) as Name
  const domain = section === 'domains' ? draft.domains.get(name) : undefined
  const host = section === 'hosts' ? draft.hosts.get(name) : undefined
  if (host) return lessHost(draft, host, key === 'addresses' && index !== undefined ? 'reverse' : key, reason)
  const less = domain && lessOf(domain, [key, index, item], reason, draft.hosts)
  return less && { ...draft, domains: new Map(draft.domains).set(name, less) }
}

function lessHost(draft: Draft, host: HostDraft, key: Key, reason: string): Draft {
  const put = (less: HostDraft): Draft => ({ ...draft, hosts: new Map(draft.hosts).set(host.name, less) })
  if (key === 'reverse' && host.reverse !== false)
    return put({
      ...host,
      reverse: false,
      remarks: [...host.remarks, remark('reverse', `The PTR stays as it is: ${reason}.`)],
    })
  if (key === 'caa' && host.caa) {
    const { caa: _, ...less } = host
    return put({ ...less, remarks: [...host.remarks, remark('caa', `The CAA stay as they are: ${reason}.`)] })
  }
  if (key === 'tlsa' && host.tlsa) {
    const { tlsa: _, ...less } = host
    return put({ ...less, remarks: [...host.remarks, remark('tlsa', `The TLSA stay as they are: ${reason}.`)] })
  }
  if (key === undefined && host.heloSpf)
    return put({
      ...host,
      heloSpf: false,
      remarks: [...host.remarks, remark('helo_spf', `Its own SPF stays as it is: ${reason}.`)],
    })
  return withoutHost(draft, host, reason)
}

/** Where it sends, its addresses take its place; where it only receives, its name is enough. */
function withoutHost(draft: Draft, host: HostDraft, reason: string): Draft {
  const hosts = new Map(draft.hosts)
  hosts.delete(host.name)
  const domains = [...draft.domains].map(([name, domain]): [Name, DomainDraft] => {
    const receives = Array.isArray(domain.mx) && domain.mx.some(({ exchange }) => exchange === host.name)
    const { spf } = domain
    const sends = spf !== false && (spf.hosts.includes(host.name) || (spf.mx && receives))
    if (!receives && !sends) return [name, domain]
    const about = remark('mx', `${displayName(host.name)} is no host of this spec: ${reason}.`)
    return [name, { ...domain, spf: sends ? withItsAddresses(spf, host) : spf, remarks: [...domain.remarks, about] }]
  })
  return { ...draft, hosts, domains: new Map(domains) }
}

function withItsAddresses(spf: SpfDraft, { name, addresses, egress }: HostDraft): SpfDraft {
  return {
    ...spf,
    hosts: spf.hosts.filter((other) => other !== name),
    addresses: [...new Set([...spf.addresses, ...addresses, ...egress])],
  }
}

function lessOf(
  domain: DomainDraft,
  [key, part, item]: readonly Key[],
  reason: string,
  hosts: Draft['hosts'],
): DomainDraft | undefined {
  if (key === 'dkim') return lessKey(domain, part, item, reason)
  return key === 'relays' ? lessRelay(domain, part, reason) : lessDomain(domain, [key, part], reason, hosts)
}

function lessRelay(domain: DomainDraft, name: Key, reason: string): DomainDraft | undefined {
  if (!domain.relays.some((relay) => relay.name === name)) return undefined
  const less = withoutRelay(domain, String(name))
  return { ...less, remarks: [...less.remarks, remark('relays', `The relay ${name} is not named: ${reason}.`)] }
}

function lessKey(domain: DomainDraft, word: Key, selector: Key, reason: string): DomainDraft | undefined {
  if (word === 'wildcard' && domain.keysRevoked) {
    const about = remark('dkim', `The empty key of all selectors stays as it is: ${reason}.`)
    return { ...domain, keysRevoked: false, remarks: [...domain.remarks, about] }
  }
  if (selector === undefined) return undefined
  const keys = domain.keys.filter((key) => key.selector !== selector)
  if (keys.length === domain.keys.length) return undefined
  const about = remark('dkim', `The key ${selector} stays as it is: ${reason}.`)
  return { ...domain, keys, remarks: [...domain.remarks, about] }
}

function lessDomain(
  domain: DomainDraft,
  [key, index]: readonly [Key, Key],
  reason: string,
  hosts: Draft['hosts'],
): DomainDraft | undefined {
  const { parked, mx, spf, dmarc } = domain
  const leaving = (key: DomainKey, what: string, lines?: readonly string[]): Pick<DomainDraft, 'remarks'> => ({
    remarks: [...domain.remarks, remark(key, `${what}: ${reason}.${lines ? ' What a spec could say:' : ''}`, lines)],
  })
  if (key === 'clients' && domain.clients) return lessClients(domain, domain.clients, reason)
  if (key === 'caa' && domain.caa) {
    const { caa: _, ...less } = domain
    return { ...less, ...leaving('caa', 'The CAA stay as they are') }
  }
  if (parked && (key !== 'dmarc' || !dmarc))
    return {
      ...domain,
      parked: false,
      spf: { mx: true, hosts: [], addresses: [], include: [], terms: [], all: 'fail' },
      ...leaving('mail', 'It is not written as mail: none'),
    }
  if (key === 'mx' && mx) return { ...withoutMx(domain, hosts), ...leaving('mx', 'The MX stay as they are') }
  if (key === 'spf' && spf)
    return {
      ...domain,
      spf: false,
      dkimOff: false,
      ...leaving('spf', 'The SPF stays as it is', [`spf: ${flow(plainSpf(spf))}`]),
    }
  if (key === 'dmarc' && dmarc)
    return {
      ...domain,
      dmarc: false,
      ...leaving('dmarc', 'The DMARC policy stays as it is', [`dmarc: ${flow(plainPolicy(dmarc))}`]),
    }
  return lessPolicy(domain, key, leaving, index)
}

/** Without a part that may be there or not; where only the `host` of it is objected to, without that. */
function lessPolicy(
  domain: DomainDraft,
  key: Key,
  leaving: (key: DomainKey, what: string, lines?: readonly string[]) => Pick<DomainDraft, 'remarks'>,
  index: Key,
): DomainDraft | undefined {
  const { policies = {} } = domain
  if (key !== 'mta_sts' && key !== 'tls_rpt' && key !== 'bimi') return undefined
  const { [key]: part, ...others } = policies
  if (part === undefined) return undefined
  if (index === 'host' && typeof part === 'object' && 'host' in part) {
    const { host: _, ...rest } = part
    return {
      ...domain,
      policies: { ...policies, [key]: rest },
      ...leaving(key, 'The name that the policy is fetched at stays as it is'),
    }
  }
  return { ...domain, policies: others, ...leaving(key, `${key} is left out`, [`${key}: ${flow(part)}`]) }
}

/** First without PACC: its document is not to be seen in DNS, and another one has another digest. */
function lessClients(domain: DomainDraft, { pacc, ...clients }: RawClients, reason: string): DomainDraft {
  if (pacc) return { ...domain, clients: { ...clients, pacc: false } }
  const { clients: _, ...less } = domain
  return { ...less, remarks: [...domain.remarks, remark('clients', `What leads clients stays as it is: ${reason}.`)] }
}

/** Without the MX, the hosts that send because they receive are named where the others are. */
function withoutMx(domain: DomainDraft, hosts: Draft['hosts']): DomainDraft {
  const { mx, spf } = domain
  const receivers = Array.isArray(mx) ? mx.map(({ exchange }) => exchange).filter((name) => hosts.has(name)) : []
  const senders = spf !== false && spf.mx ? { ...spf, hosts: [...new Set([...receivers, ...spf.hosts])] } : spf
  return { ...domain, mx: undefined, spf: senders }
}
