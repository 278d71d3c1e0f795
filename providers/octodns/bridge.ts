import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { quoted } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import type { Python } from './python.js'

/** What an exception in Python was, as bridge.py tells it. */
export interface PluginError {
  /** `exception` for one of the plugin; else the bridge's own word. */
  readonly kind: string
  /** What was being done: `open`, `zones`, `read`, `prepare`, `plan` or `apply`. */
  readonly phase: string
  readonly text: string
  readonly class?: string
  /** Its class and those above it, and those of what caused it. */
  readonly classes?: readonly string[]
  /** Of the last HTTP reply, where that was an error. */
  readonly status?: number | null
  readonly retryAfter?: string | null
  readonly body?: string
  readonly [more: string]: unknown
}

export type Answer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: PluginError }
  /** No answer came, and none will: the process is gone. */
  | { readonly kind: 'gone'; readonly failure: MailsyncError }

/** One Python process that works on several requests at a time. */
export interface Bridge {
  readonly isAlive: boolean
  /** Never rejects. After `seconds` without an answer the process is killed, with all that is under way in it. */
  ask(request: { readonly op: string; readonly [more: string]: unknown }, seconds: number): Promise<Answer>
  close(): Promise<void>
}

interface Waiting {
  readonly answer: (answer: Answer) => void
  readonly timer: NodeJS.Timeout
}

const SCRIPT = fileURLToPath(new URL('./bridge.py', import.meta.url))
/** Characters that are kept of what the process says on stderr: the last ones. */
const MOST_STDERR = 4_000
/** Octets of one answer: those of the largest zone that a provider serves, ten times over. */
const MOST_ANSWER = 256 * 2 ** 20
/** Milliseconds that the process may take to end. */
const LAST_BREATH = 2_000
const SHOWN = 200

/** Starts the process. Options and secrets go over its stdin, where nobody else can see them. */
export function startBridge({ program, shown }: Python, directory: string): Bridge {
  const child = spawn(program, [SCRIPT], { cwd: directory, stdio: 'pipe', windowsHide: true })
  const waiting = new Map<number, Waiting>()
  let requests = 0
  let said = ''
  let ended: MailsyncError | undefined

  const end = (failure: MailsyncError): void => {
    ended ??= failure
    child.kill('SIGKILL')
    for (const [id, { answer, timer }] of waiting) {
      clearTimeout(timer)
      waiting.delete(id)
      answer({ kind: 'gone', failure: ended })
    }
  }
  const gone = (code: MailsyncError['code'], message: string, hint: string): MailsyncError =>
    new MailsyncError(code, said.trim() === '' ? message : `${message}; it said: ${said.trim().slice(-SHOWN * 3)}`, {
      hint,
    })
  const take = (line: string): void => {
    const reply = parsed(line)
    if (reply === undefined) {
      end(gone('unavailable', `the bridge to octoDNS answered ${quoted(line)}`, NOT_PYTHON))
      return
    }
    const one = waiting.get(reply.id)
    if (one === undefined) return
    waiting.delete(reply.id)
    clearTimeout(one.timer)
    one.answer(reply.error ? { kind: 'error', error: reply.error } : { kind: 'result', result: reply.result })
  }

  readLines(child, take, () =>
    end(gone('unavailable', 'the bridge to octoDNS answered without an end', 'this is a bug in the plugin')),
  )
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MOST_STDERR)
  })
  child.stdin?.on('error', () => {})
  child.once('error', (error: NodeJS.ErrnoException) => end(notStarted(shown, error)))
  child.once('close', (code, signal) =>
    end(
      gone(
        'unavailable',
        `the bridge to octoDNS ended by itself (${signal ?? `code ${code}`})`,
        'run the same command again; if it ends again, what it said tells why',
      ),
    ),
  )

  return {
    get isAlive() {
      return ended === undefined
    },
    ask: (request, seconds) =>
      new Promise((answer) => {
        if (ended) {
          answer({ kind: 'gone', failure: ended })
          return
        }
        const id = ++requests
        const timer = setTimeout(() => end(gone('timeout', silence(request, seconds), SLOW)), seconds * 1000)
        waiting.set(id, { answer, timer })
        child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`)
      }),
    close: () => closed(child),
  }
}

const NOT_PYTHON = 'is `python` a Python interpreter? Nothing but the bridge may write to its standard output'
const SLOW = 'run the same command again; if the provider is that slow, give it longer with `timeout`'

function silence({ op, zone }: { readonly op: string; readonly [more: string]: unknown }, seconds: number): string {
  return `octoDNS did not ${op}${typeof zone === 'string' ? ` ${zone}` : ''} within ${seconds} s`
}

function notStarted(shown: string, error: NodeJS.ErrnoException): MailsyncError {
  const why = error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? error.message)
  return new MailsyncError('io', `Python cannot be started as ${shown}: ${why}`, {
    hint: 'install Python 3.9 or newer (apt-get install python3-venv), or name the interpreter with `python`',
    apiCode: error.code ?? 'spawn',
  })
}

interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly error?: PluginError
}

function parsed(line: string): Reply | undefined {
  try {
    const reply = JSON.parse(line) as Partial<Reply> | null
    return typeof reply?.id === 'number' && ('result' in reply || 'error' in reply) ? (reply as Reply) : undefined
  } catch {
    return undefined
  }
}

/** Each whole line of stdout; `tooLong` where one does not end. */
function readLines(child: ChildProcess, take: (line: string) => void, tooLong: () => void): void {
  let parts: Buffer[] = []
  let octets = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8'))
      parts = []
      octets = 0
      from = at + 1
    }
    const rest = chunk.subarray(from)
    octets += rest.length
    if (octets > MOST_ANSWER) {
      parts = []
      tooLong()
    } else if (rest.length > 0) parts.push(rest)
  })
}

/** The process ends with its stdin; one that does not is killed. */
function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve()
      return
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), LAST_BREATH)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    child.stdin?.end()
  })
}
