import { execFile, spawn } from 'node:child_process'
import { MailsyncError } from '../../../records/error.js'

/** Runs git in a folder, never through a shell. Gives what it prints; throws {@link GitRefusal} with what it says. */
export type Git = (...args: readonly string[]) => Promise<Buffer>

/** What git answered with an error. */
export class GitRefusal extends Error {
  override readonly name = 'GitRefusal'
}

export interface GitPlace {
  /** Absolute. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** The names of 1,000,000 files. */
const MOST_OCTETS = 256 * 1024 * 1024

/** A checkout of another user, as containers have it, is no reason to refuse, and so no setting of it may start a program. */
const SETTINGS = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false']

/**
 * A hook of git names a repository in the environment, which need not be the one of the spec. What a partial clone left out is not
 * fetched: its setting says how, which may be a program (`ext::`), and only the environment outweighs it.
 */
function ownEnv(env: GitPlace['env']): GitPlace['env'] {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' }
}

/** Git for one folder. @param input what it reads from its standard input */
export function gitIn({ folder, env, signal }: GitPlace, input = ''): Git {
  return (...args) =>
    new Promise((resolve, reject) => {
      const options = { env: ownEnv(env), signal, encoding: 'buffer', maxBuffer: MOST_OCTETS } as const
      const child = execFile('git', [...SETTINGS, '-C', folder, ...args], options, (error, stdout, stderr) => {
        if (!error) resolve(stdout)
        else reject(refusalOf(error, stderr.toString()))
      })
      child.stdin?.on('error', () => {}) // What it says when it ends tells more.
      child.stdin?.end(input)
    })
}

function refusalOf(error: Error, said: string): Error {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ABORT_ERR') return new MailsyncError('cancelled', 'the run was stopped', { cause: error })
  if (code === 'ENOENT')
    return new MailsyncError('usage', 'there is no git here to read the revision with', {
      hint: 'install git, or plan without --since',
      cause: error,
    })
  return new GitRefusal(said.trim() || error.message, { cause: error })
}

/** Reads objects of a repository by their ids, all of them with one process. */
export interface ObjectReader {
  read(id: string): Promise<Buffer>
  close(): void
}

interface Waiting {
  readonly resolve: (octets: Buffer) => void
  readonly reject: (error: Error) => void
}

/** Starts `git cat-file --batch`, which answers in the order it is asked: `ID TYPE SIZE`, the octets, and a line end. */
export function objectReader({ folder, env, signal }: GitPlace): ObjectReader {
  const child = spawn('git', [...SETTINGS, '-C', folder, 'cat-file', '--batch'], { env: ownEnv(env), signal })
  const waiting: Waiting[] = []
  const said: string[] = []
  let parts: Buffer[] = []
  let held = 0
  let wanted = 0
  const fail = (error: Error): void => {
    for (const one of waiting.splice(0)) one.reject(error)
  }
  const take = (octets: Buffer): Buffer => {
    let rest = octets
    for (;;) {
      const end = rest.indexOf('\n')
      if (end < 0) return rest
      const [id = '', type, size] = rest.toString('latin1', 0, end).split(' ')
      if (size === undefined) {
        waiting.shift()?.reject(new GitRefusal(`the object ${id} is ${type ?? 'not there'}`))
        rest = rest.subarray(end + 1)
        continue
      }
      const until = end + 1 + Number(size)
      if (rest.length <= until) {
        wanted = until + 1
        return rest
      }
      waiting.shift()?.resolve(Buffer.from(rest.subarray(end + 1, until)))
      rest = rest.subarray(until + 1)
    }
  }
  child.stdout.on('data', (chunk: Buffer) => {
    parts.push(chunk)
    held += chunk.length
    if (held < wanted) return
    wanted = 0
    const rest = take(parts.length === 1 ? chunk : Buffer.concat(parts))
    parts = rest.length > 0 ? [rest] : []
    held = rest.length
  })
  child.stderr.on('data', (chunk: Buffer) => void said.push(chunk.toString()))
  child.on('error', (error) => fail(refusalOf(error, '')))
  child.on('close', () => fail(new GitRefusal(said.join('').trim() || 'git ended before it had answered')))
  child.stdin.on('error', () => {}) // What it says when it ends tells more.
  return {
    read: (id) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.killed) return reject(new GitRefusal('git has ended'))
        waiting.push({ resolve, reject })
        child.stdin.write(`${id}\n`)
      }),
    close: () => {
      child.stdin.end()
      child.kill()
    },
  }
}
