import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { spf as mailauth } from 'mailauth/lib/spf/index.js'
import type { SpfAnswer, SpfDns, SpfQueryType } from '../../../../../records/families/spf/evaluate/dns.js'
import type { Case } from './random-case.js'

/** Another evaluator's result, and what it says about it. */
export interface Theirs {
  readonly result: string
  readonly why: string
}

const VENV = process.env.MAILSYNC_PYSPF ?? '.venv-pyspf'
const PYTHON = join(VENV, 'bin', 'python')

/** Whether pyspf is in the virtual environment that MAILSYNC_PYSPF names, or in `.venv-pyspf`. */
export const isPyspfAvailable = existsSync(PYTHON)

/** The title of a skipped suite. Throws instead where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
export function missingPyspf(): string {
  const title = `PYSPF IS NOT INSTALLED: python3 -m venv ${VENV} && ${VENV}/bin/pip install -r test/records/families/spf/oracles/requirements.txt`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

/** Answers one check after the other. */
export interface Pyspf {
  check(one: Case): Promise<Theirs>
  stop(): Promise<void>
}

/** One pyspf, which answers one check after the other. */
export function startPyspf(): Pyspf {
  const child = spawn(PYTHON, [fileURLToPath(new URL('pyspf.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async check(one) {
      child.stdin.write(`${JSON.stringify(one)}\n`)
      const [result, why] = JSON.parse((await lines.next()).value as string) as [string, string]
      return { result, why }
    },
    stop: () =>
      new Promise((resolve) => {
        child.on('close', () => resolve())
        child.stdin.end()
      }),
  }
}

/** What mailauth makes of it. */
export async function checkWithMailauth({ zones, ip, mailFrom, helo }: Case): Promise<Theirs> {
  const resolver = async (name: string, type: 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT'): Promise<unknown[]> => {
    const held = zones[name.toLowerCase()]
    if (held?.failure) throw Object.assign(new Error('timeout'), { code: 'ETIMEOUT' })
    const values = held?.[type] ?? []
    if (values.length === 0) throw Object.assign(new Error('no data'), { code: held ? 'ENODATA' : 'ENOTFOUND' })
    return values.map((value) => {
      if (type === 'TXT') return [value]
      return type === 'MX' ? { priority: value[0], exchange: value[1] } : value
    })
  }
  const { status } = await mailauth({ ip, sender: mailFrom, helo, mta: 'mx.example.org', resolver })
  return { result: status.result, why: status.comment || '' }
}

/** The same zones for ours. */
export function dnsOfCase({ zones }: Case): SpfDns {
  const answer = async (name: string, type: SpfQueryType): Promise<SpfAnswer<SpfQueryType>> => {
    const held = zones[name.slice(0, -1)]
    if (held?.failure) return { kind: 'failure' }
    const values = held?.[type] ?? []
    if (values.length === 0) return { kind: held ? 'nodata' : 'nxdomain' }
    return {
      kind: 'answer',
      records: values.map((value) =>
        typeof value === 'string' ? value : { preference: value[0], exchange: value[1] },
      ),
    } as SpfAnswer<SpfQueryType>
  }
  return answer as SpfDns
}
