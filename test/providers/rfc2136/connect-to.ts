import type { Provider } from '../../../providers/provider.js'
import { plugin } from '../../../providers/rfc2136/index.js'
import type { DnsServer } from '../../servers/dns-server.js'

/** The adapter connected to a server with its own key, or with other options. */
export function connectTo(
  { host, port, key }: Pick<DnsServer, 'host' | 'port' | 'key'>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Provider> {
  return plugin.connect(
    plugin.options({
      host,
      port,
      key_name: key.name,
      key_secret: key.secret,
      key_algorithm: key.algorithm,
      timeout: 10,
      ...options,
    }),
    { directory: '/', zones: [] },
  )
}
