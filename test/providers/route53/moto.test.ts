import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { never } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/route53/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { certify } from '../../conformance/certify.js'
import { stored } from '../../fakes/route53/name.js'
import { typed } from '../../fakes/route53/typed.js'
import { isMotoAvailable, missingMoto, motoVersion, startMoto } from '../../servers/moto.js'

/** Where moto 5.2 is laxer than AWS, so that these prove nothing about the adapter. The fake is as strict as AWS. */
const LAX = {
  'an SRV says that a service is not offered, and is':
    'moto 5.2 keeps a journal of changes and refuses one it has seen before',
  'a write of which one change fails leaves what it says':
    'moto carries out the rest of a batch of which one change fails, and takes a DELETE of what does not stand',
  'create is refused where somebody created it meanwhile':
    'moto takes CREATE of a set that exists, and then holds it twice',
  'create is refused where somebody made the name a CNAME meanwhile': 'moto lets anything stand beside a CNAME',
  'update is refused where a value was changed meanwhile':
    'moto compares a DELETE with every set ever written, not with the one that stands',
  'update is refused where a value was added meanwhile':
    'moto compares a DELETE with every set ever written, not with the one that stands',
  'update is refused where the RRset was removed meanwhile':
    'moto compares a DELETE with every set ever written, also where nothing stands',
  'delete is refused where it was changed meanwhile':
    'moto compares a DELETE with every set ever written, not with the one that stands',
}

const LOOKED_UP = 'looked-up.example.' as Name
const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' }

function motoCases(): void {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let client: Route53Client
  let zones = 0

  beforeAll(async () => {
    moto = await startMoto()
    client = new Route53Client({ endpoint: moto.endpoint, region: 'us-east-1', credentials })
  })
  afterAll(async () => {
    client?.destroy()
    await moto?.stop()
  })

  const options = (zone_id?: string): ReturnType<typeof plugin.options> =>
    plugin.options({
      access_key_id: credentials.accessKeyId,
      secret_access_key: credentials.secretAccessKey,
      endpoint: moto.endpoint,
      ...(zone_id === undefined ? {} : { zone_id }),
    })

  const createZone = async (name: Name): Promise<string> => {
    const input = { Name: stored(name), CallerReference: String(++zones) }
    const { HostedZone } = await client.send(new CreateHostedZoneCommand(input))
    return HostedZone?.Id?.replace('/hostedzone/', '') ?? ''
  }

  const edit = async (id: string, rrsets: readonly RRset[]): Promise<void> => {
    const Changes = await Promise.all(
      rrsets.map(async (rrset) => {
        const { name, type, ttl, values } = typed(rrset)
        const set = { Name: name, Type: rrset.type, TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) }
        if (values.length > 0) return { Action: 'UPSERT' as const, ResourceRecordSet: set }
        const from = { HostedZoneId: id, StartRecordName: name, StartRecordType: rrset.type, MaxItems: 1 }
        const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand(from))
        return { Action: 'DELETE' as const, ResourceRecordSet: ResourceRecordSets?.find(({ Type }) => Type === type) }
      }),
    )
    if (Changes.length > 0)
      await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }))
  }

  certify(
    { on: 'moto', kind: 'emulator by others', version: motoVersion() },
    {
      plugin,
      skip: LAX,
      can: {
        putForeign: 'the stateful fake has them (conformance.test.ts)',
        loseReply: 'the stateful fake loses them (conformance.test.ts)',
        cutRead: 'the stateful fake cuts them (conformance.test.ts)',
        putLocked: 'the stateful fake has them (conformance.test.ts)',
        countWrites: 'the stateful fake counts them (conformance.test.ts)',
        check: true,
      },
      open: async (zone: Name, seed: readonly RRset[]) => {
        const id = await createZone(zone)
        await edit(id, seed)
        return {
          provider: await plugin.connect(options(id), { directory: '/', zones: [zone] }),
          edit: (rrsets) => edit(id, rrsets),
          close: async () => {},
        }
      },
    },
  )

  describe('told by the SDK’s own variables where to go', () => {
    beforeAll(async () => {
      await createZone(LOOKED_UP)
    })
    afterEach(() => {
      vi.unstubAllEnvs()
    })

    test('the zone is found by name, written, waited for and checked', async () => {
      vi.stubEnv('AWS_ENDPOINT_URL_ROUTE_53', moto.endpoint)
      vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
      const provider = await plugin.connect(plugin.options({}), { directory: '/', zones: [LOOKED_UP] })
      const change = { kind: 'create', after: { ...a('@', ['192.0.2.1']), name: LOOKED_UP } } as const
      expect(await provider.write(LOOKED_UP, [change], never)).toEqual({ applied: [change] })
      const told: string[] = []
      await provider.waitUntilServed?.(never, (message) => told.push(message))
      expect(told).toEqual(['every write is on every name server'])
      expect((await provider.check?.(LOOKED_UP, never))?.nameServers).toContain('ns-2048.awsdns-64.com.')
      expect(await provider.zones(never)).toContain(LOOKED_UP)
    })

    test('a role is assumed with the credentials given', async () => {
      vi.stubEnv('AWS_ENDPOINT_URL', moto.endpoint)
      const provider = await plugin.connect(
        plugin.options({
          access_key_id: credentials.accessKeyId,
          secret_access_key: credentials.secretAccessKey,
          role_arn: 'arn:aws:iam::123456789012:role/mail',
        }),
        { directory: '/', zones: [LOOKED_UP] },
      )
      expect(await provider.read(LOOKED_UP, never)).not.toEqual([])
    })
  })
}

if (isMotoAvailable) describe('route53 on moto', motoCases)
else describe.skip(missingMoto(), () => test('skipped', () => {}))
