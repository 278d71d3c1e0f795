import type { DnsServer } from '../../servers/dns-server.js'

/** The hashes of the TLSA records `3 1 1` that a server has at a name, in hexadecimal; anything else there as it is. */
export async function tlsaInDns(server: Pick<DnsServer, 'dig'>, name: string): Promise<string[]> {
  const lines = (await server.dig('+short', name, 'TLSA')).trim().split('\n')
  return lines.map((line) =>
    line
      .replace(/^3 1 1 /, '')
      .replaceAll(' ', '')
      .toLowerCase(),
  )
}
