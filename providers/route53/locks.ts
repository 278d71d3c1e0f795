import type { ResourceRecordSet } from '@aws-sdk/client-route-53'

const ROUTING = {
  Weight: 'weighted',
  Region: 'latency-routed',
  GeoLocation: 'geolocation-routed',
  GeoProximityLocation: 'geoproximity-routed',
  Failover: 'failover',
  MultiValueAnswer: 'multivalue-answer',
  CidrRoutingConfig: 'IP-routed',
} as const satisfies Partial<Record<keyof ResourceRecordSet, string>>

/** Why the sets of one name and type are not an RRset that mailsync may replace; undefined where they are. */
export function lockOf(sets: readonly ResourceRecordSet[]): string | undefined {
  const [set] = sets
  if (set === undefined) return undefined
  if (set.SetIdentifier !== undefined) {
    const identifiers = sets.map(({ SetIdentifier }) => JSON.stringify(SetIdentifier)).join(', ')
    return `${sets.length === 1 ? 'a' : sets.length} ${routingOf(set)} set${sets.length === 1 ? '' : 's'} (SetIdentifier ${identifiers})`
  }
  if (set.TrafficPolicyInstanceId !== undefined)
    return `made by the traffic policy instance ${set.TrafficPolicyInstanceId}`
  if (set.AliasTarget !== undefined) return `an alias of ${set.AliasTarget.DNSName}`
  if (set.HealthCheckId !== undefined) return `served only while the health check ${set.HealthCheckId} passes`
  return undefined
}

function routingOf(set: ResourceRecordSet): string {
  const found = Object.entries(ROUTING).find(([key]) => set[key as keyof typeof ROUTING] !== undefined)
  return found?.[1] ?? 'routed'
}
