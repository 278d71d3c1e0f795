import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const RUNS = 5

/** Median seconds of wall clock of `node …args` as a whole process, after one run that is not counted. */
export async function seconds(args: readonly string[], runs = RUNS, program = process.execPath): Promise<number> {
  const times: number[] = []
  for (let run = 0; run <= runs; run++) {
    const time = await secondsOnce(args, program)
    if (run > 0) times.push(time)
  }
  return median(times)
}

/** Seconds of wall clock of `node …args`, or of another program, as a whole process. */
export async function secondsOnce(args: readonly string[], program = process.execPath): Promise<number> {
  const begin = process.hrtime.bigint()
  await runProgram(program, args, {})
  return Number(process.hrtime.bigint() - begin) / 1e9
}

const REPORT_CPU =
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('\\ncpu=' + (user + system)) })"

/** Median seconds of processor time of `node …args`, in user and kernel, of its threads too: what else the machine does counts little. */
export async function cpuSeconds(args: readonly string[], runs = RUNS): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const stderr = await runProgram(process.execPath, args, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(REPORT_CPU)}`,
    })
    times.push(Number(/cpu=(\d+)/.exec(stderr)?.[1]) / 1e6)
  }
  return median(times)
}

const REPORT_PEAK = "process.on('exit', () => process.stderr.write('\\npeak=' + process.resourceUsage().maxRSS))"

/** Peak of resident memory of `node …args`, in MiB. */
export async function peakMemory(args: readonly string[]): Promise<number> {
  const stderr = await runProgram(process.execPath, args, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(REPORT_PEAK)}`,
  })
  return Number(/peak=(\d+)/.exec(stderr)?.[1]) / 1024
}

const REPORT_ALIVE = `import { constants, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
let most = 0
const collected = new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) most = Math.max(most, getHeapStatistics().used_heap_size)
})
collected.observe({ entryTypes: ['gc'] })
process.on('exit', () => process.stderr.write('\\nalive=' + most + '\\npeak=' + process.resourceUsage().maxRSS))`

/** MiB that `node …args` has on its heap right after a full collection, and of resident memory; the most of each. */
export async function memoryOf(args: readonly string[]): Promise<{ alive: number; peak: number }> {
  const stderr = await runProgram(process.execPath, args, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(REPORT_ALIVE)}`,
  })
  const figure = (pattern: RegExp): number => Number(pattern.exec(stderr)?.[1])
  return { alive: figure(/alive=(\d+)/) / 1024 ** 2, peak: figure(/peak=(\d+)/) / 1024 }
}

const REPORT_SOCKETS = `import dgram from 'node:dgram'
import { syncBuiltinESMExports } from 'node:module'
const { createSocket } = dgram
let made = 0
dgram.createSocket = (...given) => (made++, createSocket(...given))
syncBuiltinESMExports()
process.on('exit', () => process.stderr.write('\\nsockets=' + made))`

/** How many UDP sockets `node …args` makes. */
export async function socketsMade(args: readonly string[]): Promise<number> {
  const stderr = await runProgram(process.execPath, args, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(REPORT_SOCKETS)}`,
  })
  return Number(/sockets=(\d+)/.exec(stderr)?.[1])
}

async function runProgram(program: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>])
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}`)
  return stderr
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
