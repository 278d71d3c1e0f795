import { canSayPacc } from '../../../records/families/clients/documents.js'
import { SERVICES, type ServiceName, usuallyNotOffered } from '../../../records/families/clients/services.js'
import type { SpecPath } from '../../../records/finding.js'
import type { Name } from '../../../records/rr/name.js'
import type { ClientService, ClientsSpec } from '../../../records/spec.js'
import { placesOf, type Reading } from '../reading.js'
import type { RawClients } from './raw-clients.js'

type Place = ReturnType<typeof placesOf>

/** The `clients` of a domain, with the defaults merged in. */
export function buildClients(
  reading: Reading,
  raw: RawClients | false | undefined,
  defaults: RawClients | false | undefined,
  from: SpecPath,
): ClientsSpec | false {
  if (raw === false || (raw === undefined && (defaults === undefined || defaults === false))) return false
  const merged: RawClients = { ...(defaults === false ? {} : defaults), ...raw }
  const place = placesOf(raw, from)
  const host = merged.host === undefined ? undefined : reading.hostname(merged.host, place('host'))
  const services = servicesOf(reading, merged, host, place)
  const web = merged.web === undefined ? host : reading.hostname(merged.web, place('web'))
  const isOffered = (merged.services ?? []).length > 0
  const led = ledOf(reading, merged, { web, isOffered, place })
  const wantsPacc = merged.pacc ?? canSayPacc(services)
  if (merged.pacc && isOffered && !canSayPacc(services))
    reading.report(
      'clients-pacc-cannot-say',
      place('pacc'),
      'PACC knows JMAP, and IMAP with TLS at port 993; neither is offered (draft-ietf-mailmaint-pacc-04)',
      'offer imaps, or remove pacc',
    )
  return {
    services,
    notOffered: deniedOf(reading, merged, place),
    ...led,
    ...(wantsPacc && web && isOffered && { pacc: web }),
    from,
  }
}

function servicesOf(reading: Reading, raw: RawClients, host: Name | undefined, place: Place): ClientService[] {
  const seen = new Set<string>()
  return (raw.services ?? []).flatMap((entry, index): ClientService[] => {
    const given = typeof entry === 'string' ? { service: entry } : entry
    const from = [...place('services'), index]
    const own = given.host === undefined ? host : reading.hostname(given.host, [...from, 'host'])
    if (own === undefined) {
      if (raw.host === undefined && given.host === undefined)
        reading.report(
          'clients-without-host',
          from,
          `it is not said which host offers ${given.service}`,
          'write host: beside services',
        )
      return []
    }
    const port = given.port ?? SERVICES[given.service]
    const key = `${given.service} ${own} ${port}`
    if (seen.has(key))
      reading.report(
        'clients-service-twice',
        from,
        `${given.service} is listed twice for this host`,
        'remove one of the two',
      )
    seen.add(key)
    return [{ service: given.service, host: own, port, priority: given.priority ?? 0, weight: given.weight ?? 1, from }]
  })
}

function deniedOf(reading: Reading, raw: RawClients, place: Place): ServiceName[] {
  const offered = (raw.services ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.service))
  for (const [index, service] of (raw.not_offered ?? []).entries())
    if (offered.includes(service))
      reading.report(
        'clients-offered-and-not',
        [...place('not_offered'), index],
        `${service} is among services, too`,
        'remove one of the two',
      )
  return raw.not_offered === undefined ? usuallyNotOffered(offered) : [...new Set(raw.not_offered)]
}

interface Web {
  readonly web: Name | undefined
  readonly isOffered: boolean
  readonly place: Place
}

/** What the names that clients of Mozilla and Microsoft ask for lead to. */
function ledOf(
  reading: Reading,
  { autoconfig: config, autodiscover: discover }: RawClients,
  { web, isOffered, place }: Web,
): Pick<ClientsSpec, 'autoconfig' | 'autodiscover'> {
  const toWeb = (key: string): Name | undefined => {
    if (web === undefined && !isOffered)
      reading.report('clients-without-host', place(key), `it is not said which host ${key} leads to`, 'write web: HOST')
    return web
  }
  const autoconfig =
    typeof config === 'string'
      ? reading.hostname(config, place('autoconfig'))
      : (config ?? isOffered)
        ? toWeb('autoconfig')
        : undefined
  const asked = discover ?? (isOffered ? 'cname' : false)
  const named = typeof asked === 'object' ? asked : {}
  const hostAt = (key: 'cname' | 'srv', text: string | undefined, ...at: string[]): Name | undefined => {
    if (text !== undefined) return reading.hostname(text, [...place('autodiscover'), key, ...at])
    return asked === key ? toWeb('autodiscover') : undefined
  }
  const cname = hostAt('cname', named.cname)
  const whole = typeof named.srv === 'object' ? named.srv : undefined
  const target = whole
    ? hostAt('srv', whole.host, 'host')
    : hostAt('srv', typeof named.srv === 'string' ? named.srv : undefined)
  const { port = 443, priority = 0, weight = 0 } = whole ?? {}
  const srv = target && { priority, weight, port, target }
  return {
    ...(autoconfig && { autoconfig }),
    ...((cname || srv) && { autodiscover: { ...(cname && { cname }), ...(srv && { srv }) } }),
  }
}
