import type { Route53Client } from '@aws-sdk/client-route-53'
import type { ZoneCheck } from '../provider.js'
import { getZone } from './api.js'
import { fromNativeName } from './domain-name.js'

/** What Route 53 says of a hosted zone, in one read. Whether the credentials may write is not told by any call that does not write. */
export async function checkZone(client: Route53Client, zoneId: string, signal: AbortSignal): Promise<ZoneCheck> {
  const { HostedZone, DelegationSet } = await getZone(client, zoneId, signal)
  const service = HostedZone?.LinkedService
  const remarks = [
    ...(HostedZone?.Config?.PrivateZone ? [`${zoneId} is a private hosted zone: only its VPCs see it`] : []),
    ...(service
      ? [`${zoneId} belongs to ${service.ServicePrincipal ?? 'another AWS service'}, which alone can change it`]
      : []),
  ]
  return {
    writable: service ? 'no' : 'unknown',
    nameServers: (DelegationSet?.NameServers ?? []).map(fromNativeName),
    ...(remarks.length > 0 ? { remarks } : {}),
  }
}
