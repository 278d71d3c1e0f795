import { joinName, type Name, ROOT } from '../../rr/name.js'
import type { Srv } from '../../rr/rdata.js'
import { canonical, type RRset } from '../../rr/rrset.js'
import type { Domain } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sameReading } from '../reading.js'
import { PACC_LABEL, paccDigest } from './documents.js'
import { observeClients } from './observe.js'
import { type ClientsRecord, clientsMeaning, readClients, writeClients } from './read-clients.js'
import { clientsRules } from './rules.js'
import { SERVICE_NAMES } from './services.js'

const NOT_OFFERED: Srv = { priority: 0, weight: 0, port: 0, target: ROOT }
const PREFIX = /^(?:_[a-z0-9]+\._tcp|autoconfig|autodiscover|_?ua-auto-config)\./

/** Where the programs that people read mail with find its servers (RFC 6186, RFC 8314, and what Mozilla, Microsoft and PACC ask for). */
export const clients: Family<'clients', ClientsRecord> = {
  purpose: 'clients',
  types: ['SRV', 'CNAME', 'TXT'],
  rank: 7,
  read: readClients,
  write: writeClients,
  same: (a, b) => sameReading([a, b], readClients, clientsMeaning),
  compile: ({ domains }) => ({ records: domains.flatMap(clientsRecords) }),
  rules: clientsRules,
  observe: observeClients,
  words: {
    noun: 'client discovery',
    topic: 'Where clients find their servers',
    form: 'plain',
    about: 'domain',
    subjects: (name) => [name.replace(PREFIX, '') as Name],
    effect({ name, step, after, moved }) {
      const [, service] = /^_([a-z0-9]+)\._tcp\./.exec(name) ?? []
      const domain = name.replace(PREFIX, '')
      if (service === undefined)
        return step === 'ends' ? `Clients no longer ask ${name}` : `Clients of ${domain} ask ${name}`
      if (step === 'ends') return `Clients of ${domain} are told nothing about ${service} any more`
      if (after.some((value) => value.endsWith(' .'))) return `${domain} says that it does not offer ${service}`
      return step === 'begins' ? `Clients of ${domain} find ${service}` : `${service} of ${domain}: ${moved()}`
    },
  },
}

function clientsRecords({ name, mail, ttl, clients: spec }: Domain): MailRecord[] {
  if (spec === false || mail === 'none') return []
  const { services, notOffered, autoconfig, autodiscover, pacc } = spec
  const srv = (service: string, rdata: readonly Srv[]): RRset =>
    canonical({ type: 'SRV', name: joinName(`_${service}._tcp`, name), ttl: ttl.clients, rdata })
  const cname = (label: string, target: Name): RRset =>
    canonical({ type: 'CNAME', name: joinName(label, name), ttl: ttl.clients, rdata: [target] })
  const offered = SERVICE_NAMES.flatMap((service) => {
    const own = services.filter((one) => one.service === service)
    const rdata = own.map(({ host: target, port, priority, weight }) => ({ priority, weight, port, target }))
    return own.length === 0 ? [] : [srv(service, rdata)]
  })
  const rrsets: RRset[] = [
    ...offered,
    ...notOffered.map((service) => srv(service, [NOT_OFFERED])),
    ...(autoconfig ? [cname('autoconfig', autoconfig)] : []),
    ...(autodiscover?.cname ? [cname('autodiscover', autodiscover.cname)] : []),
    ...(autodiscover?.srv ? [srv('autodiscover', [autodiscover.srv])] : []),
    ...(pacc ? [cname(PACC_LABEL, pacc), digest(name, ttl.clients, paccDigest(name, spec))] : []),
  ]
  return rrsets.map((rrset): MailRecord => ({ rrset, purpose: 'clients', from: spec.from }))
}

function digest(name: Name, ttl: number, value: string): RRset {
  return { type: 'TXT', name: joinName(`_${PACC_LABEL}`, name), ttl, rdata: [value] }
}
