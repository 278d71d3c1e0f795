import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { startBind } from '../servers/bind.js'
import { serverAvailable } from '../servers/dns-server.js'
import { isOctodnsAvailable, octodnsPython } from '../servers/octodns.js'
import { startPowerdns } from '../servers/powerdns.js'
import { compileInProcess } from './compile-in-process.js'
import { secondsToFirstRequest } from './first-request.js'
import { cpuSeconds, peakMemory, seconds, secondsOnce } from './measure.js'
import { secondsToObserve } from './observe-in-process.js'
import { oneChange } from './one-change.js'
import { readByHand } from './read-by-hand.js'
import { startVerifyWorld } from './verify-world.js'
import { FOREIGN_LINES, FOREIGN_YAML, workloadSpec, writeKeyIndexes, zoneNames } from './workload.js'

/** `npm run bench`: the figures of README. Times are medians of whole processes; ratios are to a bare `node -e 0`. */
const CLI = 'dist/mailsync.js'
const rows: string[][] = []
const folder = await mkdtemp(join(tmpdir(), 'mailsync-bench-'))

try {
  const bare = await seconds(['-e', '0'], 15)
  row('node -e 0', bare, bare)
  row('mailsync --version', await seconds([CLI, '--version'], 15), bare)
  await benchFirstRequest(bare)
  await benchCompile(bare)
  await benchSince()
  await benchYaml(bare)
  if (serverAvailable('bind')) {
    await benchBind(bare)
    await benchVerify(bare)
    await benchManual(bare)
  } else process.stderr.write('BIND 9 is not installed: its rows are left out\n')
  if (serverAvailable('powerdns') && isOctodnsAvailable) await benchOctodns(bare)
  else process.stderr.write('PowerDNS or octoDNS is not installed: their rows are left out\n')
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n\n`)
process.stdout.write(
  ['| what | seconds | × `node -e 0` |', '|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`), ''].join(
    '\n',
  ),
)

function row(what: string, time: number, bare: number): void {
  rows.push([what, time.toFixed(3), (time / bare).toFixed(1)])
  process.stderr.write(`${what}: ${time.toFixed(3)} s\n`)
}

async function writeSpec(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

async function benchFirstRequest(bare: number): Promise<void> {
  const spec = await writeSpec('cloudflare.yaml', workloadSpec(1, '{ class: cloudflare }'))
  const time = await secondsToFirstRequest([CLI, 'plan', '-c', spec])
  row('`plan` with Cloudflare, to its first request', time, bare)
  process.stderr.write(`  ${((time - bare) * 1000).toFixed(0)} ms more than bare Node\n`)
}

async function benchCompile(bare: number): Promise<void> {
  await writeKeyIndexes(join(folder, 'keys'), 10_000)
  const spec = await writeSpec('compile.yaml', workloadSpec(10_000, '{ class: yaml, directory: ./none }'))
  const { load, compile } = await compileInProcess(spec)
  row('10,000 domains: parse and validate, with positions (in process)', load, bare)
  row('10,000 domains: compile (in process)', compile, bare)
  row(
    '`compile --format json`, 10,000 domains, keys read',
    await seconds([CLI, 'compile', '--format', 'json', '-c', spec]),
    bare,
  )
}

/** What it costs to find the one domain that was changed, beside being told it. */
async function benchSince(): Promise<void> {
  const bare = await cpuSeconds(['-e', '0'])
  for (const domains of [10_000, 50_000]) {
    const { spec, changed } = await oneChange(join(folder, `since-${domains}`), domains)
    const of = `of ${domains.toLocaleString('en')}, CPU`
    row(`\`plan --zone\`, one zone ${of}`, await cpuSeconds([CLI, 'plan', '--zone', changed, '-c', spec]), bare)
    row(
      `\`plan --since HEAD\`, one changed ${of}`,
      await cpuSeconds([CLI, 'plan', '--since', 'HEAD', '-c', spec]),
      bare,
    )
  }
}

async function benchYaml(bare: number): Promise<void> {
  for (const zones of [1, 250, 1000]) {
    const directory = join(folder, `zones-${zones}`)
    await mkdir(directory)
    for (const name of zoneNames(zones)) await writeFile(join(directory, `${name}.yaml`), FOREIGN_YAML)
    const spec = await writeSpec(
      `yaml-${zones}.yaml`,
      workloadSpec(zones, `{ class: yaml, directory: ./zones-${zones} }`),
    )
    await benchRun(spec, `${zones} zone${zones === 1 ? '' : 's'} in a \`yaml\` folder`, bare)
  }
}

async function benchBind(bare: number): Promise<void> {
  for (const zones of [250, 1000]) {
    const bind = await startBind({
      zones: Object.fromEntries(zoneNames(zones).map((name) => [`${name}.`, FOREIGN_LINES])),
    })
    try {
      const provider = `{ class: rfc2136, host: ${bind.host}, port: ${bind.port}, key_name: ${bind.key.name}, key_secret: '${bind.key.secret}' }`
      const spec = await writeSpec(`bind-${zones}.yaml`, workloadSpec(zones, provider))
      await benchRun(spec, `${zones} zones on BIND 9, loopback`, bare)
      await benchThroughDns(spec, `${zones} zones on BIND 9`, bare)
      row(
        `nine questions about each of ${zones} zones on BIND 9 (in process)`,
        await secondsToObserve(bind, zones),
        bare,
      )
    } finally {
      await bind.stop()
    }
  }
}

async function benchVerify(bare: number): Promise<void> {
  const domains = 3000
  const { server, spec } = await startVerifyWorld(domains)
  try {
    const config = await writeSpec('verify.yaml', spec)
    const look = [CLI, 'verify', '-c', config, '--resolver', `${server.host}:${server.port}`]
    row(`\`verify\`, ${domains} domains on BIND 9`, await secondsOnce(look), bare)
    process.stderr.write(`  peak memory ${(await peakMemory(look)).toFixed(0)} MiB\n`)
  } finally {
    await server.stop()
  }
}

async function benchManual(bare: number): Promise<void> {
  const zones = 1000
  const { time, peak, sockets } = await readByHand(CLI, join(folder, 'manual.yaml'), zones)
  row(`\`plan\`, ${zones} zones of \`manual\` asked of BIND 9, over ${sockets} sockets`, time, bare)
  process.stderr.write(`  peak memory ${peak.toFixed(0)} MiB\n`)
}

/** Zones that are as wanted, looked at through their name server: by names, then by serials. */
async function benchThroughDns(spec: string, what: string, bare: number): Promise<void> {
  const look = [CLI, 'plan', '--observe', 'dns', '-c', spec]
  row(`\`plan --observe dns\`, unchanged, ${what}`, await seconds(look), bare)
  process.stderr.write(`  peak memory ${(await peakMemory(look)).toFixed(0)} MiB\n`)
  const bySerial = [...look, '--serials', join(folder, `${basename(spec)}.serials`)]
  row(`the same with \`--serials\`, by serials alone`, await seconds(bySerial), bare)
}

/** The same zones at the same server through the same plugin: by mailsync, and by octoDNS itself. */
async function benchOctodns(bare: number): Promise<void> {
  const names = zoneNames(100)
  const server = await startPowerdns({ zones: Object.fromEntries(names.map((name) => [`${name}.`, FOREIGN_LINES])) })
  try {
    const { host, api } = server
    const block = `{ class: octodns_powerdns.PowerDnsProvider, host: ${host}, port: ${api.port}, api_key: ${api.key} }`
    const provider = `{ class: octodns, python: ${octodnsPython}, provider: ${block} }`
    const what = '100 zones on PowerDNS through octoDNS'
    await benchRun(await writeSpec('octodns.yaml', workloadSpec(100, provider)), what, bare)
    const sources = join(folder, 'octodns-zones')
    await mkdir(sources)
    for (const name of names) await writeFile(join(sources, `${name}.yaml`), FOREIGN_YAML)
    const config = [
      'providers:',
      `  config: { class: octodns.provider.yaml.YamlProvider, directory: ${sources} }`,
      // It would delete what mailsync wrote, and asks for --force from 30 % on.
      `  pdns: ${block.replace(' }', ', delete_pcent_threshold: 1 }')}`,
      'zones:',
      ...names.map((name) => `  ${name}.: { sources: [config], targets: [pdns] }`),
    ]
    const file = await writeSpec('octodns-config.yaml', config.join('\n'))
    const sync = join(dirname(octodnsPython), 'octodns-sync')
    const time = await seconds(['--quiet', '--config-file', file], 5, sync)
    row('`octodns-sync`, planning these zones', time, bare)
  } finally {
    await server.stop()
  }
}

/** The first apply, once, as no other is like it; then plans of zones that are as they should be. */
async function benchRun(spec: string, what: string, bare: number): Promise<void> {
  row(`first \`apply\`, ${what}`, await secondsOnce([CLI, 'apply', '--yes', '-c', spec]), bare)
  row(`\`plan\`, unchanged, ${what}`, await seconds([CLI, 'plan', '-c', spec]), bare)
  process.stderr.write(`  peak memory ${(await peakMemory([CLI, 'plan', '-c', spec])).toFixed(0)} MiB\n`)
}
