import type { Plan } from '../../../src/plan/plan.js'
import { type Ran, type Workspace, workspace } from '../../cli/workspace.js'
import { startProxy } from '../../providers/rfc2136/proxy.js'
import { startBind } from '../../servers/bind.js'
import type { DnsServer } from '../../servers/dns-server.js'

/** Zones of many customers on one BIND, each with a stranger's token, and the spec of their mail. */
export interface Fleet {
  readonly server: DnsServer
  /** Its TCP port as the provider is told it, at which calls are counted. */
  readonly api: Access
  readonly space: Workspace
  /** Zone transfers and updates: what a provider's API would be asked. */
  calls(): number
  run(...args: string[]): Promise<Ran>
  /** Runs `plan --observe dns --format json`. */
  plan(...args: string[]): Promise<Plan>
  remove(): Promise<void>
}

type Access = Pick<DnsServer, 'host' | 'port' | 'key'>

export interface FleetOptions {
  readonly zones: number
  /** Name servers of each zone; default: the BIND itself. */
  readonly servers?: (bind: DnsServer) => readonly string[]
  /** Lines for each zone besides. */
  readonly lines?: string
}

export const zoneAt = (index: number): string => `customer${index}.example`

/** What the spec says; `servers` are the name servers that it names. */
export function fleetSpec(api: Access, zones: number, servers: readonly string[]): string {
  const { host, port, key } = api
  const names = Array.from({ length: zones }, (_, index) => zoneAt(index))
  return `
providers:
  dns: { class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: env/TSIG_SECRET, key_algorithm: ${key.algorithm} }
zones:
${names.map((name) => `  ${name}.: { targets: [dns], servers: [${servers.map((one) => `'${one}'`).join(', ')}] }`).join('\n')}
hosts:
  mail.customer0.example: { addresses: [192.0.2.10], reverse: false }
defaults: { dkim: false, dmarc: { policy: none } }
domains:
${names.map((name) => `  ${name}: { mx: [mail.customer0.example] }`).join('\n')}
`
}

export async function startFleet({ zones, servers, lines = '' }: FleetOptions): Promise<Fleet> {
  const content = `@ 3600 IN TXT "token=stranger"\nwww 3600 IN A 192.0.2.80\n${lines}`
  const server = await startBind({
    zones: Object.fromEntries(Array.from({ length: zones }, (_, index) => [`${zoneAt(index)}.`, content])),
  })
  const api = await startProxy(server, {})
  const named = servers?.(server) ?? [`${server.host}:${server.port}`]
  const space = await workspace({ 'mailsync.yaml': fleetSpec(api, zones, named) })
  const run = (...args: string[]): Promise<Ran> => space.run(args, { env: { TSIG_SECRET: server.key.secret } })
  return {
    server,
    api,
    space,
    calls: () => api.requests.length,
    run,
    plan: async (...args) => JSON.parse((await run('plan', '--observe', 'dns', '--format', 'json', ...args)).stdout),
    remove: async () => {
      api.close()
      await Promise.all([server.stop(), space.remove()])
    },
  }
}

/** What the plan says of what DNS showed. */
export function seenIn({ narrowed = [] }: Plan): Extract<(typeof narrowed)[number], { by: 'observe' }> {
  const seen = narrowed.find((one) => one.by === 'observe')
  if (!seen) throw new Error('nothing was looked at through DNS')
  return seen
}
