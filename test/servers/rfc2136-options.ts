import type { DnsServer } from './dns-server.js'

/** The provider of a spec that writes to a server, its secret from the environment unless it is given. */
export function rfc2136Options(
  { host, port, key }: Pick<DnsServer, 'host' | 'port' | 'key'>,
  secret = 'env/TSIG_SECRET',
): string {
  return `{ class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: '${secret}', key_algorithm: ${key.algorithm} }`
}
