import { startFront } from '../../fakes/http-front.js'
import { startBind } from '../../servers/bind.js'
import {
  type DnsServer,
  missingServer,
  type ServerKind,
  serverAvailable,
  serverVersion,
} from '../../servers/dns-server.js'
import { startPowerdns } from '../../servers/powerdns.js'
import { isUpdate, startProxy } from '../rfc2136/proxy.js'
import { connectTo } from './connect-to.js'
import { certifyClass, type Served } from './ground.js'

/** A zone of a server that is edited by `nsupdate`. */
function opened(server: DnsServer): Served['open'] {
  return async (zone, seed) => {
    await server.addZone(zone, seed)
    return {
      edit: server.edit,
      putForeign: async (name) => {
        await server.nsupdate(`zone ${zone}\nupdate add ${name} 300 SSHFP 4 2 abcd`)
        return 'SSHFP'
      },
    }
  }
}

function onServer(kind: ServerKind): { kind: 'real server'; version?: string | undefined; missing?: string } {
  return serverAvailable(kind)
    ? { kind: 'real server', version: serverVersion(kind) }
    : { kind: 'real server', missing: missingServer(kind) }
}

certifyClass({
  on: 'octodns-bind 1.1 at BIND',
  ...onServer('bind'),
  can: {},
  start: async () => {
    // The suite has MX records whose targets have no address; BIND refuses those where check-integrity is on.
    const server = await startBind({ zoneSettings: 'check-integrity no;' })
    let fault: 'lose' | 'cut' | undefined
    const proxy = await startProxy(server, {
      onReply: (message) => {
        if (fault !== (isUpdate(message) ? 'lose' : 'cut')) return message
        fault = undefined
        return 'close'
      },
    })
    const { host, port, key } = proxy
    const credentials = { key_name: key.name, key_secret: key.secret, key_algorithm: key.algorithm }
    return {
      connect: () => connectTo({ class: 'octodns_bind.Rfc2136Provider', host, port, ...credentials }),
      open: async (zone, seed) => ({
        ...(await opened(server)(zone, seed)),
        loseReply: () => {
          fault = 'lose'
        },
        cutRead: () => {
          fault = 'cut'
        },
      }),
      stop: async () => {
        proxy.close()
        await server.stop()
      },
    }
  },
})

certifyClass({
  on: 'octodns-powerdns 1.2 at PowerDNS',
  ...onServer('powerdns'),
  skip: {
    'TXT values that differ only in case are two values': 'PowerDNS takes them for one (its issue 6914)',
  },
  can: {},
  start: async () => {
    const server = await startPowerdns()
    const { host, api } = server
    const front = await startFront(`http://${host}:${api.port}`)
    return {
      connect: () =>
        connectTo({ class: 'octodns_powerdns.PowerDnsProvider', host, port: front.port, api_key: api.key }),
      open: async (zone, seed) => ({ ...(await opened(server)(zone, seed)), ...front }),
      stop: async () => {
        await front.close()
        await server.stop()
      },
    }
  },
})
