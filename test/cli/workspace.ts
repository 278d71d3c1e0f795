import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { main } from '../../src/cli/main.js'
import type { Terminal } from '../../src/io.js'
import type { Output } from '../../src/output.js'

/** The bundled CLI, for tests that need a process of its own. */
export const BUILT_CLI: string = join(process.env.MAILSYNC_DIST ?? 'dist', 'mailsync.js')

/** What a command line printed, and how it ended. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunSettings {
  readonly env?: Readonly<Record<string, string>>
  /** Answers the question of apply; without it nobody is there to answer. */
  readonly answer?: boolean
  /** Where questions are asked; without it nobody is there to answer. */
  readonly terminal?: Terminal
  /** What is piped in. */
  readonly input?: () => Readable
  readonly signal?: AbortSignal
  readonly today?: string
  /** Output goes to a terminal with so many columns, without colour; without it, to pipes. */
  readonly columns?: number
  /** The clock: seconds since 1970. Default: noon of `today`. */
  readonly now?: () => number
}

/** A folder with a spec and what belongs to it, in which command lines are run in this process. */
export interface Workspace {
  readonly directory: string
  path(file: string): string
  read(file: string): Promise<string>
  write(file: string, text: string): Promise<void>
  /** Runs `mailsync …` with `--config` set to the folder's mailsync.yaml. */
  run(args: readonly string[], settings?: RunSettings): Promise<Ran>
  remove(): Promise<void>
}

export async function workspace(files: Readonly<Record<string, string>>): Promise<Workspace> {
  const directory = await mkdtemp(join(tmpdir(), 'mailsync-test-'))
  const path = (file: string): string => join(directory, file)
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(path(file)), { recursive: true })
    await writeFile(path(file), text)
  }
  for (const [file, text] of Object.entries(files)) await write(file, text)
  return {
    directory,
    path,
    write,
    read: (file) => readFile(path(file), 'utf8'),
    run: (args, settings) => runMain([...args, '--config', path('mailsync.yaml')], settings),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

/** Runs a command line in this process, with nothing of the process but what is given. */
export async function runMain(
  args: readonly string[],
  { env = {}, answer, terminal, input, signal, today = '2026-11-22', now, columns }: RunSettings = {},
): Promise<Ran> {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const into = (texts: string[]): Output => ({
    write: (text) => void texts.push(text),
    isTerminal: columns !== undefined,
    colour: false,
    columns: columns ?? 120,
  })
  const code = await main(args, {
    env,
    today,
    now: now ?? (() => Date.parse(`${today}T12:00:00Z`) / 1000),
    signal: signal ?? new AbortController().signal,
    out: into(stdout),
    err: into(stderr),
    ...(answer === undefined ? {} : { confirm: async () => answer }),
    ...(terminal && { terminal }),
    ...(input && { input }),
  })
  return { code, stdout: stdout.join(''), stderr: stderr.join('') }
}
