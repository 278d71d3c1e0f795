import { PACC_LABEL } from '../../../../records/families/clients/documents.js'
import {
  SERVICE_NAMES,
  SERVICES,
  type ServiceName,
  usuallyNotOffered,
} from '../../../../records/families/clients/services.js'
import { joinName, type Name, parseHostname, ROOT } from '../../../../records/rr/name.js'
import type { Srv } from '../../../../records/rr/rdata.js'
import type { RawClients } from '../../../config/clients/raw-clients.js'
import type { Holdings } from '../../holdings/holdings.js'
import { written } from '../../write/plain-config.js'

/** Where clients of a domain are led, as its spec would have it; undefined where DNS leads them nowhere. */
export function draftClients(name: Name, holdings: Holdings): RawClients | undefined {
  const held = SERVICE_NAMES.map((service) => ({ service, records: servers(service, name, holdings) }))
  const offered = held.flatMap(({ service, records = [] }) =>
    isDenial(records) ? [] : records.map((srv) => ({ service, srv })),
  )
  const denied = held.filter(({ records = [] }) => isDenial(records)).map(({ service }) => service)
  const led = [
    cnameAt(joinName('autoconfig', name), holdings),
    cnameAt(joinName('autodiscover', name), holdings),
  ] as const
  const discoverAt = discoverSrv(name, holdings)
  if (offered.length + denied.length === 0 && led.every((one) => one === undefined) && !discoverAt) return undefined
  return draftOf(offered, denied, { led, discoverAt }, cnameAt(joinName(PACC_LABEL, name), holdings))
}

interface Offered {
  readonly service: ServiceName
  readonly srv: Srv
}

function draftOf(
  offered: readonly Offered[],
  denied: readonly ServiceName[],
  { led: [autoconfig, discoverName], discoverAt }: { led: readonly (Name | undefined)[]; discoverAt: Srv | undefined },
  pacc: Name | undefined,
): RawClients {
  const host = mostCommon(offered.map(({ srv }) => srv.target))
  const names = [...new Set(offered.map(({ service }) => service))]
  const isUsual = usuallyNotOffered(names).join() === denied.join()
  const discover = {
    ...(discoverName && { cname: written(discoverName) }),
    ...(discoverAt && { srv: plainDiscover(discoverAt) }),
  }
  const isOffered = offered.length > 0
  return {
    ...(host && { host: written(host), services: offered.map((one) => plainService(one, host)) }),
    ...(isUsual ? {} : { not_offered: [...denied] }),
    ...(pacc && pacc !== host && { web: written(pacc) }),
    ...(autoconfig
      ? { autoconfig: autoconfig === (pacc ?? host) || written(autoconfig) }
      : isOffered && { autoconfig: false }),
    ...(discoverName || discoverAt ? { autodiscover: discover } : isOffered && { autodiscover: false }),
    ...(isOffered && { pacc: pacc !== undefined }),
  }
}

type PlainService = NonNullable<RawClients['services']>[number]

function plainService({ service, srv: { priority, weight, port, target } }: Offered, host: Name): PlainService {
  const own = {
    ...(target !== host && { host: written(target) }),
    ...(port !== SERVICES[service] && { port }),
    ...(priority !== 0 && { priority }),
    ...(weight !== 1 && { weight }),
  }
  return Object.keys(own).length === 0 ? service : { service, ...own }
}

/** The servers of a service, where a spec can say them. */
function servers(service: string, name: Name, holdings: Holdings): readonly Srv[] | undefined {
  const set = holdings.get(joinName(`_${service}._tcp`, name), 'SRV')
  if (!set || set.locked !== undefined) return undefined
  const isSaid = ({ target, port }: Srv): boolean => port > 0 && typeof parseHostname(target) === 'string'
  const places = new Set(set.rdata.map(({ target, port }) => `${target} ${port}`))
  return isDenial(set.rdata) || (set.rdata.every(isSaid) && places.size === set.rdata.length) ? set.rdata : undefined
}

function isDenial(records: readonly Srv[]): boolean {
  return records.length === 1 && records[0]?.target === ROOT
}

function cnameAt(name: Name, holdings: Holdings): Name | undefined {
  const set = holdings.get(name, 'CNAME')
  const [target] = set?.rdata ?? []
  return target !== undefined && set?.locked === undefined && typeof parseHostname(target) === 'string'
    ? target
    : undefined
}

/** The one server of `_autodiscover._tcp`, where a spec can say it. */
function discoverSrv(name: Name, holdings: Holdings): Srv | undefined {
  const [first, ...more] = servers('autodiscover', name, holdings) ?? []
  return more.length === 0 && first?.target !== ROOT ? first : undefined
}

type PlainDiscover = Exclude<NonNullable<RawClients['autodiscover']>, string | false>['srv']

function plainDiscover({ priority, weight, port, target }: Srv): PlainDiscover {
  const own = { ...(port !== 443 && { port }), ...(priority !== 0 && { priority }), ...(weight !== 0 && { weight }) }
  const host = written(target)
  return Object.keys(own).length === 0 ? host : { host, ...own }
}

function mostCommon(names: readonly Name[]): Name | undefined {
  const counts = new Map<Name, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}
