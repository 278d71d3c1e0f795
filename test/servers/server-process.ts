import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RRset } from '../../records/rr/rrset.js'
import { programPath, recordLines } from './dns-server.js'

/** One server process; knows when it is ready, and is killed with the test process at the latest. */
export interface ServerProcess {
  log(): string
  start(): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
}

export interface ServerCommand {
  readonly program: string
  readonly args: readonly string[]
  /** What the server logs once it answers. */
  readonly ready: RegExp
}

const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 5_000

export function serverProcess({ program, args, ready }: ServerCommand): ServerProcess {
  let child: ChildProcess | undefined
  let log = ''
  const killNow = (): void => {
    child?.kill('SIGKILL')
  }
  return {
    log: () => log,
    start: () => {
      const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      const before = log.length
      child = started
      process.once('exit', killNow)
      return new Promise((resolve, reject) => {
        const fail = (why: string): void => reject(new Error(`${program} ${why}:\n${log.slice(before)}`))
        const timer = setTimeout(() => {
          started.kill('SIGKILL')
          fail(`was not ready in ${START_LIMIT_MS / 1000} s`)
        }, START_LIMIT_MS)
        const read = (text: string): void => {
          log += text
          if (!ready.test(log.slice(before))) return
          clearTimeout(timer)
          resolve()
        }
        started.stdout?.setEncoding('utf8').on('data', read)
        started.stderr?.setEncoding('utf8').on('data', read)
        started.once('error', (error) => fail(error.message))
        started.once('exit', (code) => {
          clearTimeout(timer)
          fail(`ended with code ${code}`)
        })
      })
    },
    kill: async (signal) => {
      const running = child
      child = undefined
      process.removeListener('exit', killNow)
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const ended = once(running, 'exit')
      running.kill(signal)
      const timer = setTimeout(() => running.kill('SIGKILL'), STOP_LIMIT_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Runs a program to its end; gives its stdout. Throws with everything it printed where it fails. */
export function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(programPath(program) ?? program, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`))
      else resolve(stdout)
    })
    child.stdin?.on('error', () => {}).end(input)
  })
}

/** Ports from 20,000 to 32,000, below those that the system gives to outgoing connections, are shared out to the workers of vitest. */
const SHARE = 500
const firstPort = 20_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 24) * SHARE
let nextPort = Math.floor(Math.random() * SHARE)

/** A free TCP port that no other test of this run is given before it is used. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < SHARE; attempt++) {
    const port = firstPort + (nextPort++ % SHARE)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port from ${firstPort} on`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** Waits until the server answers for a zone. */
export async function untilServed(host: string, port: number, zone: string): Promise<void> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 })
  resolver.setServers([`${host}:${port}`])
  for (let attempt = 0; attempt < 500; attempt++) {
    const isServed = await resolver.resolveSoa(zone).then(
      () => true,
      () => false,
    )
    if (isServed) return
    await sleep(10)
  }
  throw new Error(`${host}:${port} does not serve ${zone}`)
}

/** The command-line clients, pointed at one server. */
export function clientsOf(host: string, port: number, keyFile: string) {
  const nsupdate = (commands: string): Promise<string> =>
    run('nsupdate', ['-v', '-k', keyFile], `server ${host} ${port}\n${commands}\nsend\n`)
  return {
    nsupdate,
    edit: async (rrsets: readonly RRset[]): Promise<void> => {
      const commands = rrsets.flatMap((rrset) => [
        `update delete ${rrset.name} ${rrset.type}`,
        ...recordLines(rrset).map((line) => `update add ${line}`),
      ])
      await nsupdate(commands.join('\n'))
    },
    dig: (...args: readonly string[]): Promise<string> => run('dig', [`@${host}`, '-p', String(port), ...args]),
  }
}
