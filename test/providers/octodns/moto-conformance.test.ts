import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { startFront } from '../../fakes/http-front.js'
import { stored } from '../../fakes/route53/name.js'
import { typed } from '../../fakes/route53/typed.js'
import { isMotoAvailable, missingMoto, motoVersion, startMoto } from '../../servers/moto.js'
import { connectTo } from './connect-to.js'
import { certifyClass } from './ground.js'

/** moto 5.2 leaves out of its own whether there are more. */
const NO_HEALTH_CHECKS =
  '<ListHealthChecksResponse><HealthChecks/><Marker/><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHealthChecksResponse>'

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' }

async function edit(client: Route53Client, id: string, rrsets: readonly RRset[]): Promise<void> {
  const listed = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id }))
  const Changes = rrsets.map((rrset) => {
    const { name, type, ttl, values } = typed(rrset)
    const set = { Name: name, Type: rrset.type, TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) }
    const held = listed.ResourceRecordSets?.find((one) => one.Name === name && one.Type === type)
    return values.length > 0
      ? { Action: 'UPSERT' as const, ResourceRecordSet: set }
      : { Action: 'DELETE' as const, ResourceRecordSet: held }
  })
  if (Changes.length > 0)
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }))
}

certifyClass({
  on: 'octodns-route53 1.3 at moto',
  kind: 'emulator by others',
  version: isMotoAvailable ? motoVersion() : undefined,
  missing: isMotoAvailable ? undefined : missingMoto(),
  skip: { 'PTR in a classless zone (RFC 2317)': 'moto 5.2 takes 0/25 and 0\\05725 for two names' },
  can: {},
  start: async () => {
    const moto = await startMoto()
    const front = await startFront(async (request) => {
      const { pathname, search } = new URL(request.url)
      if (pathname.endsWith('/healthcheck')) return new Response(NO_HEALTH_CHECKS)
      const body = request.method === 'GET' ? {} : { body: await request.arrayBuffer() }
      return fetch(moto.endpoint + pathname + search, { method: request.method, headers: request.headers, ...body })
    })
    const client = new Route53Client({ endpoint: moto.endpoint, region: 'us-east-1', credentials })
    return {
      connect: async () => {
        // The SDK of Python looks for these itself, as that of Node does.
        process.env.AWS_ENDPOINT_URL = front.origin
        process.env.AWS_DEFAULT_REGION = 'us-east-1'
        try {
          return await connectTo({
            class: 'octodns_route53.Route53Provider',
            access_key_id: credentials.accessKeyId,
            secret_access_key: credentials.secretAccessKey,
          })
        } finally {
          delete process.env.AWS_ENDPOINT_URL
          delete process.env.AWS_DEFAULT_REGION
        }
      },
      open: async (zone: Name, seed: readonly RRset[]) => {
        await fetch(`${moto.endpoint}/moto-api/reset`, { method: 'POST' })
        const input = { Name: stored(zone), CallerReference: String(performance.now()) }
        const { HostedZone } = await client.send(new CreateHostedZoneCommand(input))
        const id = HostedZone?.Id?.replace('/hostedzone/', '') ?? ''
        await edit(client, id, seed)
        return {
          ...front,
          edit: (rrsets) => edit(client, id, rrsets),
          putForeign: async (name) => {
            const ResourceRecords = [{ Value: '10 10 "S" "" "" sip.example.net.' }]
            const ResourceRecordSet = { Name: name, Type: 'NAPTR' as const, TTL: 300, ResourceRecords }
            const ChangeBatch = { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet }] }
            await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch }))
            return 'NAPTR'
          },
        }
      },
      stop: async () => {
        client.destroy()
        await front.close()
        await moto.stop()
      },
    }
  },
})
