import { dnsClient } from '../../providers/dns/client/client.js'
import { publicDns } from '../../providers/dns/client/public-dns.js'
import { type VerifyOptions, verifyCommand } from '../../src/commands/verify.js'
import { redacted } from '../../src/io.js'
import type { Output } from '../../src/output.js'
import { Redaction } from '../../src/redaction.js'
import type { Outside } from '../../src/verify/ask/outside.js'
import type { Check } from '../../src/verify/check.js'
import type { DomainReport } from '../../src/verify/report.js'
import { rememberingClient } from '../../src/verify/view/remembering-client.js'
import type { DnsTree } from '../servers/dns-tree.js'

export interface Verified {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** DNS as a tree on the loopback has it, and no web or mail server but those that are given. */
export function outsideOf(
  { port, resolver, roots }: Pick<DnsTree, 'port' | 'resolver' | 'roots'>,
  more: Partial<Outside> = {},
): Outside {
  const client = () => dnsClient({ timeout: 0.2, tries: 2 })
  return {
    openDns: (named) =>
      publicDns({
        resolver: named ?? `${resolver.host}:${resolver.port}`,
        port,
        roots,
        client: rememberingClient(client(), client()),
      }),
    fetchPolicy: async () => ({ kind: 'unreachable', why: 'ECONNREFUSED', isOurs: false }),
    smtp: { at: () => ({ host: '127.0.0.1', port: 9 }), timeout: 2000, isNear: () => false },
    ...more,
  }
}

/** Runs `mailsync verify` in this process. */
export async function runVerify(
  options: Partial<VerifyOptions>,
  outside: Outside,
  settings: { readonly isTerminal?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Verified> {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const into = (texts: string[]): Output => ({
    write: (text) => void texts.push(text),
    isTerminal: settings.isTerminal ?? false,
    colour: false,
    columns: 160,
  })
  const io = redacted(
    {
      env: settings.env ?? {},
      today: '2026-11-27',
      now: () => Date.parse('2026-11-27T12:00:00Z') / 1000,
      signal: new AbortController().signal,
      out: into(stdout),
      err: into(stderr),
    },
    new Redaction(),
  )
  const code = await verifyCommand(
    {
      config: 'none.yaml',
      domain: [],
      resolver: [],
      format: 'text',
      verbose: false,
      providers: false,
      smtp: false,
      blocklists: false,
      message: false,
      ...options,
    },
    io,
    outside,
  )
  return { code, stdout: stdout.join(''), stderr: stderr.join('') }
}

/** What `--format json` says. */
export async function verified(
  options: Partial<VerifyOptions>,
  outside: Outside,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly checks: readonly Check[]; readonly domains: readonly DomainReport[] }> {
  const { code, stdout } = await runVerify({ ...options, format: 'json' }, outside, { env })
  return { code, ...JSON.parse(stdout) }
}

/** The checks of a kind as `verdict subject: what was seen`. */
export function told(checks: readonly Check[], ...ids: Check['id'][]): string[] {
  return checks
    .filter(({ id }) => ids.includes(id))
    .map(({ verdict, subject, seen }) => `${verdict} ${subject.name}: ${seen}`)
}
