import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBind } from '../../servers/bind.js'
import { missingServer, serverAvailable, serverVersion } from '../../servers/dns-server.js'
import { isOctodnsAvailable, missingOctodns } from '../../servers/octodns.js'
import { type Bench, benchPeer, failureOf, mid } from './bench-run.js'
import { dnscontrolPeer } from './dnscontrol.js'
import { mailsyncPeer } from './mailsync.js'
import { measuredRun } from './measured-run.js'
import { octodnsPeer } from './octodns.js'
import type { Peer } from './peer.js'
import { type Row, renderRows } from './rows.js'
import { startSlowCloudflare } from './slow-cloudflare.js'
import { benchZones, masterLines } from './zones.js'

/** `npm run bench:peers -- --zones 50`: mailsync beside octoDNS and dnscontrol, on the same zones, one after the other. */
const { values } = parseArgs({
  options: {
    zones: { type: 'string', default: '1000' },
    'cloudflare-zones': { type: 'string', default: '100' },
    latency: { type: 'string', default: '50' },
    runs: { type: 'string', default: '3' },
  },
})
const [zones, cloudflareZones, latency, runs] = [
  values.zones,
  values['cloudflare-zones'],
  values.latency,
  values.runs,
].map(Number) as [number, number, number, number]
/** Of what is over in a moment. */
const SHORT_RUNS = 15
/** BIND gives ten transfers at a time and refuses more, and dnscontrol asks for those of all zones at once. */
const BIND_LIMITS = 'transfers-out 10000; tcp-clients 10000; tcp-listen-queue 1000;'
const NO_DNSCONTROL = 'dnscontrol is not in PATH, and DNSCONTROL names none: its rows are left out'

const rows: Row[] = []
const notes: string[] = []
const peers = [mailsyncPeer(), ...(isOctodnsAvailable ? [octodnsPeer()] : []), ...[dnscontrolPeer() ?? []].flat()]
if (!isOctodnsAvailable) note(missingOctodns())
if (!peers.some(({ name }) => name === 'dnscontrol')) note(NO_DNSCONTROL)

const folder = await mkdtemp(join(tmpdir(), 'mailsync-peers-'))
try {
  await benchStart()
  await benchFiles()
  if (serverAvailable('bind')) for (const peer of peers) await benchBind(peer)
  else note(missingServer('bind'))
  for (const peer of peers) await benchCloudflare(peer)
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.stdout.write(
  [
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    ...peers.map(({ name, version }) => `${name} ${version}`),
    `BIND ${serverAvailable('bind') ? serverVersion('bind') : 'none'}`,
  ].join(', '),
)
process.stdout.write(`\n\n${renderRows(rows)}\n${notes.map((text) => `- ${text}\n`).join('')}`)

function note(text: string): void {
  notes.push(text)
  process.stderr.write(`${text}\n`)
}

function add(...more: Row[]): void {
  rows.push(...more)
  for (const { what, peer, result } of more)
    process.stderr.write(`${what}: ${peer} ${typeof result === 'string' ? result : `${result.wall.toFixed(2)} s`}\n`)
}

/** What a person waits for: the version, and a plan of one zone. */
async function benchStart(): Promise<void> {
  for (const peer of peers) add(await several('the version', peer, peer.printVersion, folder))
  const [target, one] = [{ kind: 'files' } as const, benchZones(1)]
  for (const peer of peers) {
    const [applied, planned] = await benchPeer(
      peer,
      { title: 'one zone in a file', zones: one, target, runs: SHORT_RUNS },
      join(folder, 'one'),
    )
    add(...[planned ?? applied ?? []].flat())
  }
}

async function several(what: string, peer: Peer, command: readonly string[], where: string): Promise<Row> {
  const all = []
  for (let run = 0; run < SHORT_RUNS; run++) all.push(await measuredRun(command, where))
  const failed = all.map(failureOf).find((failure) => failure !== undefined)
  return { what, peer: peer.name, result: failed === undefined ? mid(all) : `failed: ${failed}` }
}

async function benchFiles(): Promise<void> {
  const bench: Bench = {
    title: `${zones} zones in files`,
    zones: benchZones(zones),
    target: { kind: 'files' },
    runs,
    missing: async (below) => {
      const name = benchZones(zones).at(-1)?.name
      const texts = ['yaml', 'zone'].map((suffix) => readFile(join(below, 'zones', `${name}.${suffix}`), 'utf8'))
      return /v=DKIM1.*v=DKIM1/s.test(await Promise.any(texts)) ? undefined : `${name} lacks a DKIM key`
    },
  }
  for (const peer of peers) add(...(await benchPeer(peer, bench, join(folder, 'files'))))
}

async function benchBind(peer: Peer): Promise<void> {
  const all = benchZones(zones)
  const bind = await startBind({
    zones: Object.fromEntries(all.map(({ name, before }) => [`${name}.`, masterLines(before)])),
    serverSettings: BIND_LIMITS,
  })
  try {
    const missing = async (): Promise<string | undefined> => {
      const name = all.at(-1)?.name
      const answer = await bind.dig('+short', `s202611._domainkey.${name}.`, 'TXT')
      return answer.includes('v=DKIM1') ? undefined : `${name} lacks a DKIM key`
    }
    const target = { kind: 'bind', host: bind.host, port: bind.port, key: bind.key } as const
    add(
      ...(await benchPeer(
        peer,
        { title: `${zones} zones on BIND 9`, zones: all, target, runs, missing },
        join(folder, 'bind'),
      )),
    )
  } finally {
    await bind.stop()
  }
}

async function benchCloudflare(peer: Peer): Promise<void> {
  const all = benchZones(cloudflareZones)
  const api = await startSlowCloudflare(all, latency)
  try {
    const { url, token, takeCalls } = api
    const missing = async (): Promise<string | undefined> => {
      const { name = '', after } = all.at(-1) ?? { after: [] }
      const wanted = after.reduce((sum, { values: { length } }) => sum + length, 0)
      const held = api.recordsOf(name)
      return held >= wanted ? undefined : `${name} has ${held} records of ${wanted}`
    }
    const found = await benchPeer(
      peer,
      {
        title: `${cloudflareZones} zones on Cloudflare, ${latency} ms a call`,
        zones: all,
        target: { kind: 'cloudflare', url, token },
        runs: 1,
        env: { CLOUDFLARE_BASE_URL: url },
        takeCalls,
        missing,
      },
      join(folder, 'cloudflare'),
    )
    add(...found)
    for (const { what, result, calls } of found) {
      if (calls === undefined || typeof result === 'string') continue
      const needed = (Math.ceil(calls / 8) * latency) / 1000
      note(
        `${what}: ${peer.name} took ${(result.wall - needed).toFixed(2)} s more than the ${needed.toFixed(2)} s of its ${calls} calls, 8 at a time`,
      )
    }
  } finally {
    await api.close()
  }
}
