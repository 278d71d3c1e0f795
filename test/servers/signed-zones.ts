import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programPath } from './dns-server.js'
import { run } from './server-process.js'

/** Why zones cannot be signed; throws where MAILSYNC_REQUIRE_SERVERS=1 wants it. */
export function missingSigner(): string | undefined {
  const missing = ['dnssec-keygen', 'dnssec-signzone', 'delv'].filter((program) => programPath(program) === undefined)
  if (missing.length === 0) return undefined
  const title = `${missing.join(', ')} ARE NOT INSTALLED: apt-get install bind9-utils bind9-dnsutils`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

export interface SignedZone {
  /** The whole zone, with its signatures. */
  readonly content: string
  /** For the zone above. */
  readonly ds: string
  /** The key, as the statement `trust-anchors` of BIND has it. */
  readonly anchor: string
}

/** Signs a zone with a key of its own, as `dnssec-signzone` of BIND does. @param lines of a zone file, without SOA and NS */
export async function signedZone(zone: string, lines: string, directory: string): Promise<SignedZone> {
  const folder = join(directory, `signed-${zone}`)
  await mkdir(folder, { recursive: true })
  const key = (await run('dnssec-keygen', ['-q', '-K', folder, '-a', 'ECDSAP256SHA256', '-f', 'KSK', zone])).trim()
  const file = join(folder, 'zone')
  const head = `$TTL 300\n@ SOA ns.test. hostmaster.test. 1 3600 600 604800 60\n@ NS ns.test.\n`
  await writeFile(file, `${head}${lines}\n`)
  await run('dnssec-signzone', ['-q', '-S', '-z', '-K', folder, '-d', folder, '-O', 'full', '-o', zone, file])
  const [, data = ''] = (await readFile(join(folder, `${key}.key`), 'utf8')).split(' DNSKEY ')
  const [flags, protocol, algorithm, ...text] = data.trim().split(/\s+/)
  return {
    content: await readFile(`${file}.signed`, 'utf8'),
    ds: await readFile(join(folder, `dsset-${zone}`), 'utf8'),
    anchor: `"${zone}" static-key ${flags} ${protocol} ${algorithm} "${text.join('')}";`,
  }
}
