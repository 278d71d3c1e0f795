import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { cut } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { parseAddress, scopeOf } from '../../../records/rr/address.js'
import { nameOfSource, type SourceKind } from '../../config/address-source.js'
import type { ProviderContext } from './ask-provider.js'

export interface SourceContext extends ProviderContext {
  /** `address[:port]` of the resolver, or `root`; the system's without it. */
  readonly resolver?: string | undefined
}

/** Asks one source. Gives its texts, which may be no addresses; throws a MailsyncError that says why it tells none. */
type Source = (rest: string, context: SourceContext) => Promise<readonly string[]>

/** What asks the sources of a kind; one that is none of the known ones names a provider. */
export function sourceOf(kind: string): Source {
  if (Object.hasOwn(SOURCES, kind)) return SOURCES[kind as SourceKind]
  return async (rest, context) => {
    try {
      const { askProvider } = await import('./ask-provider.js')
      return await askProvider(kind, rest, context)
    } catch (error) {
      throw context.signal.aborted ? inTime(error) : error
    }
  }
}

const SOURCES: Readonly<Record<SourceKind, Source>> = {
  dns: lookUp,
  interface: ofInterface,
  http: fetchText,
  exec: run,
}

/** Octets of an answer that only has addresses. */
const MOST_OCTETS = 4096
const MOST_WORDS = 200

/** A and AAAA of a name. That one of the two is not answered tells nothing of the other: the host might lose it. */
async function lookUp(rest: string, { resolver: named, signal }: SourceContext): Promise<readonly string[]> {
  const { resolver, close } = publicDns({ resolver: named })
  try {
    const types = ['A', 'AAAA'] as const
    const answers = await Promise.all(types.map((type) => resolver.resolve({ name: nameOfSource(rest), type }, signal)))
    return answers.flatMap(({ answer }, index) =>
      answer.flatMap((rrset) => (rrset.type === types[index] ? rrset.rdata.map(String) : [])),
    )
  } catch (error) {
    throw inTime(error)
  } finally {
    close()
  }
}

/** Of an interface, what it is reached at from the Internet: no private and local addresses, no IPv6 ones that change by themselves. */
async function ofInterface(rest: string): Promise<readonly string[]> {
  const found = networkInterfaces()[rest]
  if (!found) throw new MailsyncError('rejected', `there is no interface ${rest} here`)
  const passing = temporaryAddresses(await readFile('/proc/net/if_inet6', 'utf8').catch(() => ''))
  const texts = found.map(({ address }) => address).filter((text) => !passing.has(text))
  const open = texts.filter((text) => {
    const address = parseAddress(text)
    return typeof address === 'string' && scopeOf(address) === 'public'
  })
  if (open.length > 0) return open
  const held = texts.length === 0 ? 'none' : `only ${texts.join(', ')}`
  throw new MailsyncError('rejected', `it has no public address, ${held}; behind NAT, ask another source`)
}

/** IFA_F_TEMPORARY, IFA_F_OPTIMISTIC, IFA_F_DADFAILED, IFA_F_DEPRECATED and IFA_F_TENTATIVE of linux/if_addr.h. */
const PASSING = 0x01 | 0x04 | 0x08 | 0x20 | 0x40

/** The IPv6 addresses in a text of Linux's `/proc/net/if_inet6` that are not to stay (RFC 8981). */
export function temporaryAddresses(table: string): ReadonlySet<string> {
  const lines = table.split('\n').map((line) => line.trim().split(/\s+/))
  const passing = lines.flatMap(([digits = '', , , , flags = '']) => {
    if ((Number.parseInt(flags, 16) & PASSING) === 0) return []
    const address = parseAddress((digits.match(/.{4}/g) ?? []).join(':'))
    return typeof address === 'string' ? [address] : []
  })
  return new Set<string>(passing)
}

/** The body of a page: an address, or several with white space or commas between them. */
async function fetchText(rest: string, { signal }: SourceContext): Promise<readonly string[]> {
  try {
    const reply = await fetch(rest, { signal, redirect: 'error', headers: { accept: 'text/plain' } })
    if (!reply.ok) throw new MailsyncError('unavailable', `it answers ${reply.status}`)
    const octets: Uint8Array[] = []
    let length = 0
    for await (const chunk of reply.body ?? []) {
      octets.push(chunk)
      length += chunk.length
      if (length > MOST_OCTETS) throw new MailsyncError('rejected', 'its answer is too long for an address')
    }
    return wordsOf(Buffer.concat(octets).toString('utf8'))
  } catch (error) {
    if (error instanceof MailsyncError) throw error
    if (signal.aborted) throw inTime(error)
    const { cause, message } = error as Error
    const why = (cause as NodeJS.ErrnoException | undefined)?.code ?? (cause as Error | undefined)?.message ?? message
    throw new MailsyncError('unavailable', `it cannot be reached: ${why}`, { cause: error })
  }
}

/** What a command prints. It is started as it is, by no shell, in the folder of the spec. */
async function run(rest: string, { directory, env, signal }: SourceContext): Promise<readonly string[]> {
  const [command = '', ...args] = rest.split(/\s+/)
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(command, args, { cwd: directory, env, signal, maxBuffer: MOST_OCTETS }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const said = isMissing(error) ? `there is no command ${command}` : stderr.trim() || error.message
      reject(
        signal.aborted
          ? inTime(error)
          : new MailsyncError('rejected', `it failed: ${cut(said.split('\n').at(-1) ?? said, MOST_WORDS)}`, {
              cause: error,
            }),
      )
    }).stdin?.end()
  })
  return wordsOf(printed)
}

function isMissing(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

/** A source that was given up. */
function inTime(error: unknown): unknown {
  const isLate = !(error instanceof MailsyncError) || error.code === 'cancelled'
  return isLate ? new MailsyncError('timeout', 'it did not answer in time', { cause: error }) : error
}
