import { sha256 } from '@noble/hashes/sha2.js'
import { displayName, joinName, type Name, withoutDot } from '../../rr/name.js'
import type { ClientService, ClientsSpec, Domain } from '../../spec.js'
import { SERVICES, type ServiceName } from './services.js'

/** A file that a web server has to give for a name. */
export interface ClientDocument {
  readonly host: Name
  /** Without a slash before it. */
  readonly path: string
  readonly text: string
}

/** Where PACC is asked for: what stands before the domain (draft-ietf-mailmaint-pacc-04). */
export const PACC_LABEL = 'ua-auto-config'

/** The documents that the names of `clients` lead to, those of a domain. */
export function clientDocuments({ name, clients }: Pick<Domain, 'name' | 'clients'>): ClientDocument[] {
  if (clients === false) return []
  const { autoconfig, autodiscover, services } = clients
  const documents: ClientDocument[] = []
  if (services.length === 0) return documents
  if (autoconfig)
    documents.push({
      host: joinName('autoconfig', name),
      path: 'mail/config-v1.1.xml',
      text: autoconfigXml(name, services),
    })
  const hosts = [autodiscover?.cname && joinName('autodiscover', name), autodiscover?.srv?.target]
  for (const host of hosts)
    if (host) documents.push({ host, path: 'autodiscover/autodiscover.xml', text: autodiscoverXml(services) })
  if (clients.pacc)
    documents.push({
      host: joinName(PACC_LABEL, name),
      path: '.well-known/user-agent-configuration.json',
      text: paccJson(name, clients),
    })
  return documents
}

/** The value of the TXT that vouches for the PACC document, octet for octet. */
export function paccDigest(name: Name, clients: ClientsSpec): string {
  const digest = Buffer.from(sha256(Buffer.from(paccJson(name, clients)))).toString('base64')
  return `v=UAAC1; a=sha256; d=${digest}`
}

/** Members of PACC by service; it knows TLS from the first octet at the usual ports only. */
const PROTOCOLS: { readonly [S in ServiceName]?: string } = {
  imaps: 'imap',
  jmap: 'jmap',
  sieve: 'managesieve',
  pop3s: 'pop3',
  submissions: 'smtp',
}

/** Whether PACC can say where mail is read. */
export function canSayPacc(services: readonly ClientService[]): boolean {
  return services.some(({ service, port }) => service === 'jmap' || (service === 'imaps' && port === SERVICES.imaps))
}

function paccJson(name: Name, { services }: ClientsSpec): string {
  const protocols = Object.entries(PROTOCOLS).flatMap(([service, member]) => {
    const [first] = byPriority(services.filter((one) => one.service === service))
    const said = first && serverOf(first)
    return said ? [[member, said] as const] : []
  })
  const document = {
    protocols: Object.fromEntries(protocols),
    authentication: { password: true },
    info: { provider: { name: displayName(name), shortName: displayName(name) } },
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function serverOf({
  service,
  host,
  port,
}: ClientService): { readonly host: string } | { readonly url: string } | undefined {
  const name = withoutDot(host)
  if (service !== 'jmap') return port === SERVICES[service] ? { host: name } : undefined
  return { url: `https://${name}${port === SERVICES.jmap ? '' : `:${port}`}/.well-known/jmap` }
}

function byPriority(services: readonly ClientService[]): ClientService[] {
  return [...services].sort((a, b) => a.priority - b.priority || b.weight - a.weight)
}

type Xml = readonly string[]

const TYPES: { readonly [S in ServiceName]?: 'imap' | 'pop3' | 'smtp' } = {
  imaps: 'imap',
  imap: 'imap',
  pop3s: 'pop3',
  pop3: 'pop3',
  submissions: 'smtp',
  submission: 'smtp',
}

function hasTlsFromStart(service: ServiceName): boolean {
  return service === 'imaps' || service === 'pop3s' || service === 'submissions'
}

/** Those that these documents know, IMAP before POP3, TLS from the first octet before STARTTLS. */
function listed(services: readonly ClientService[]): { type: string; service: ClientService }[] {
  return Object.entries(TYPES).flatMap(([name, type]) =>
    byPriority(services.filter(({ service }) => service === name)).map((service) => ({ type, service })),
  )
}

/** The format of Mozilla (draft-ietf-mailmaint-autoconfig-06). */
function autoconfigXml(name: Name, services: readonly ClientService[]): string {
  const server = ({ type, service: { service, host, port } }: { type: string; service: ClientService }): Xml => {
    const kind = type === 'smtp' ? 'outgoingServer' : 'incomingServer'
    return [
      `    <${kind} type="${type}">`,
      `      <hostname>${withoutDot(host)}</hostname>`,
      `      <port>${port}</port>`,
      `      <socketType>${hasTlsFromStart(service) ? 'SSL' : 'STARTTLS'}</socketType>`,
      '      <authentication>password-cleartext</authentication>',
      '      <username>%EMAILADDRESS%</username>',
      `    </${kind}>`,
    ]
  }
  return lines([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<clientConfig version="1.1">',
    `  <emailProvider id="${withoutDot(name)}">`,
    `    <domain>${withoutDot(name)}</domain>`,
    `    <displayName>${displayName(name)}</displayName>`,
    `    <displayShortName>${displayName(name)}</displayShortName>`,
    ...listed(services).flatMap(server),
    '  </emailProvider>',
    '</clientConfig>',
  ])
}

/** What Outlook is answered whatever address it asks for: the user name is the address where none is said ([MS-OXDSCLI] §2.2.4.1.1). */
function autodiscoverXml(services: readonly ClientService[]): string {
  const schema = 'http://schemas.microsoft.com/exchange/autodiscover'
  const protocol = ({ type, service: { service, host, port } }: { type: string; service: ClientService }): Xml => [
    '      <Protocol>',
    `        <Type>${type.toUpperCase()}</Type>`,
    `        <Server>${withoutDot(host)}</Server>`,
    `        <Port>${port}</Port>`,
    '        <DomainRequired>off</DomainRequired>',
    '        <SPA>off</SPA>',
    ...(hasTlsFromStart(service) ? ['        <SSL>on</SSL>'] : ['        <Encryption>TLS</Encryption>']),
    '        <AuthRequired>on</AuthRequired>',
    '      </Protocol>',
  ]
  return lines([
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Autodiscover xmlns="${schema}/responseschema/2006">`,
    `  <Response xmlns="${schema}/outlook/responseschema/2006a">`,
    '    <Account>',
    '      <AccountType>email</AccountType>',
    '      <Action>settings</Action>',
    ...listed(services).flatMap(protocol),
    '    </Account>',
    '  </Response>',
    '</Autodiscover>',
  ])
}

function lines(xml: Xml): string {
  return `${xml.join('\n')}\n`
}
