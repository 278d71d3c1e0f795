import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DnsServer,
  dataPrefix,
  newKey,
  programPath,
  type ServerKey,
  type ServerOptions,
  type ZoneContent,
  zoneFile,
} from './dns-server.js'
import { clientsOf, freePort, run, serverProcess, untilServed } from './server-process.js'

const HOST = '127.0.0.1'

/** Knot DNS on a free port of 127.0.0.1 with data in a temporary folder; needs no root. */
export async function startKnot(options: ServerOptions = {}): Promise<DnsServer> {
  const directory = await mkdtemp(dataPrefix)
  await mkdir(join(directory, 'zones'))
  const port = await freePort()
  const key = newKey('mailsync-test', options.algorithm)
  const config = join(directory, 'knot.conf')
  const keyFile = join(directory, 'test.key')
  await writeFile(keyFile, `key "${key.name}" { algorithm ${key.algorithm}; secret "${key.secret}"; };`, {
    mode: 0o600,
  })

  const statements = new Map<string, string>()
  let files = 0
  const declare = async (zone: string, content: ZoneContent, settings = 'acl: full'): Promise<void> => {
    const file = join(directory, 'zones', `${++files}.zone`)
    await writeFile(file, zoneFile(zone, content))
    statements.set(zone, `  - domain: "${zone}"\n    file: "${file}"\n    ${settings}`)
  }
  const writeConfig = (): Promise<void> =>
    writeFile(config, knotConfig(directory, port, [key, ...(options.keys ?? [])], [...statements.values()]))
  for (const [zone, content] of Object.entries(options.zones ?? {})) await declare(zone, content)
  await writeConfig()

  const server = serverProcess({
    program: programPath('knotd') as string,
    args: ['-c', config],
    ready: /control, binding to/,
  })
  const knotc = (...args: readonly string[]): Promise<string> =>
    run('knotc', ['-s', join(directory, 'knot.sock'), '-b', ...args])
  const start = async (): Promise<void> => {
    // A knotd that was killed leaves it, and another process may have its number since.
    await rm(join(directory, 'knot.pid'), { force: true })
    await server.start()
    await knotc('status')
  }
  await start()
  return {
    host: HOST,
    port,
    key,
    ...clientsOf(HOST, port, keyFile),
    log: server.log,
    addZone: async (zone, content = [], settings) => {
      if (statements.delete(zone)) {
        await writeConfig()
        await knotc('reload')
        await knotc('-f', 'zone-purge', '+orphan', zone)
      }
      await declare(zone, content, settings)
      await writeConfig()
      await knotc('reload')
      await untilServed(HOST, port, zone)
    },
    kill: (signal = 'SIGKILL') => server.kill(signal),
    restart: start,
    stop: async () => {
      await server.kill('SIGTERM')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function knotConfig(directory: string, port: number, keys: readonly ServerKey[], zones: readonly string[]): string {
  const [main] = keys as readonly [ServerKey]
  return [
    'server:',
    `    rundir: "${directory}"`,
    `    listen: ${HOST}@${port}`,
    '    async-start: off',
    'log:',
    '  - target: stderr',
    '    any: info',
    'database:',
    `    storage: "${directory}"`,
    'key:',
    ...keys.flatMap(({ name, algorithm, secret }) => [
      `  - id: ${name}`,
      `    algorithm: ${algorithm}`,
      `    secret: ${secret}`,
    ]),
    'acl:',
    '  - id: full',
    `    key: ${main.name}`,
    '    action: [transfer, update]',
    '  - id: transfer-only',
    `    key: ${main.name}`,
    '    action: transfer',
    '  - id: update-only',
    `    key: ${main.name}`,
    '    action: update',
    ...(zones.length === 0 ? [] : ['zone:', ...zones]),
    '',
  ].join('\n')
}
