import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { programPath } from '../../servers/dns-server.js'

/** What one process took, and what it printed. */
export interface Run {
  /** Seconds of user and system time, those of its own child processes among them. */
  readonly cpu: number
  /** Seconds. */
  readonly wall: number
  /** Peak of resident memory, in MiB. */
  readonly memory: number
  readonly code: number
  /** Of stdout and stderr. */
  readonly output: string
}

// Node does not tell what a child process took.
const SCRIPT = join(import.meta.dirname, 'measured_run.py')

/** Runs a program to its end. */
export async function measuredRun(
  [program, ...args]: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const python = programPath('python3')
  if (python === undefined) throw new Error('python3 is not installed: it measures what a process took')
  const child = spawn(python, [SCRIPT, program as string, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [report, stdout, stderr, [code]] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'exit'),
  ])
  if (report === '') throw new Error(`${program} could not be started: ${stderr}`)
  return { ...JSON.parse(report), code: code as number, output: stdout + stderr }
}
