import { connectPowerdns } from '../../../providers/powerdns/connection.js'
import { plugin } from '../../../providers/powerdns/index.js'
import type { Provider } from '../../../providers/provider.js'

/** The adapter connected to an API on this machine, which does not wait between attempts. */
export function connectTo(port: number, key: string, options: Readonly<Record<string, unknown>> = {}): Provider {
  return connectPowerdns(plugin.options({ host: '127.0.0.1', port, api_key: key, ...options }), {
    pause: async () => {},
  })
}
