import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../../records/error.js'
import { checkHost } from '../../../records/families/spf/evaluate/check-host.js'
import type { SpfDns } from '../../../records/families/spf/evaluate/dns.js'
import type { SpfSender } from '../../../records/families/spf/evaluate/sender.js'
import type { SpfCheck, SpfResult } from '../../../records/families/spf/evaluate/trace.js'
import { heldAddress } from '../../../records/rr/address.js'
import { displayName, type Name, parseName, withoutDot } from '../../../records/rr/name.js'
import { didYouMean } from '../../config/faults/suggest.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { jsonText } from '../../render/json/json-text.js'
import { print } from '../../render/text/print.js'
import { renderSpfResult, renderSpfTree } from '../../render/text/spf/spf-text.js'
import { openSession } from '../../session.js'
import { resolvedDns } from '../../spf/resolved-dns.js'
import { type SpecSender, specSenders } from '../../spf/spec-senders.js'

export interface SpfCheckOptions {
  readonly config: string
  /** A domain, or a host's name in HELO; all domains of the spec without it. */
  readonly domain?: string | undefined
  readonly ip?: string | undefined
  readonly mailFrom?: string | undefined
  readonly helo?: string | undefined
  /** `address[:port]`, or `root` to ask none; the system's without it. */
  readonly resolver?: string | undefined
  readonly format: 'text' | 'json'
}

interface Checked extends SpecSender {
  readonly check: SpfCheck
}

/** Worst first, as far as whoever owns the domain is concerned. */
const WORST_FIRST: readonly SpfResult[] = ['permerror', 'temperror', 'fail', 'none', 'softfail', 'neutral', 'pass']

/** `mailsync spf check`: what receivers make of a sender, by DNS as it is now; of every sender of the spec where no address is given. */
export async function spfCheck(options: SpfCheckOptions, io: Io): Promise<ExitCode> {
  checkNames(options)
  const senders = options.ip === undefined ? await sendersOfSpec(options, io) : [givenSender(options, options.ip)]
  const { resolver, close } = publicDns({ resolver: options.resolver })
  try {
    const checked = await checkAll(senders, resolvedDns(resolver, io.signal))
    if (options.format === 'json') io.out.write(jsonText(documentOf(checked)))
    else print(io.out, renderAll(checked, io.out.colour))
    return exitCode(checked, options.ip !== undefined)
  } finally {
    close()
  }
}

/** A fail is an answer; what the spec lets send and does not pass is an error, and so is a record that cannot be evaluated. */
function exitCode(checked: readonly Checked[], isGiven: boolean): ExitCode {
  const isBad = ({ check: { result } }: Checked): boolean =>
    isGiven ? result === 'permerror' || result === 'temperror' : result !== 'pass'
  return checked.some(isBad) ? 1 : 0
}

async function checkAll(senders: readonly SpecSender[], dns: SpfDns): Promise<Checked[]> {
  return Promise.all(senders.map(async (one) => ({ ...one, check: await checkHost(one.sender, dns) })))
}

function givenSender({ domain, mailFrom, helo }: SpfCheckOptions, ip: string): SpecSender {
  if (heldAddress(ip) === undefined)
    throw new MailsyncError('usage', `--ip ${ip}: that is no IP address`, {
      hint: 'write one address: --ip 192.0.2.10, or --ip 2001:db8::10',
    })
  const name = domain === undefined ? undefined : withoutDot(readDomain(domain))
  if (name === undefined && !mailFrom && !helo)
    throw new MailsyncError('usage', 'whose SPF is to be checked is missing', {
      hint: 'name the domain: mailsync spf check example.com --ip ADDRESS; or give --mail-from or --helo',
    })
  const from = mailFrom ?? (name === undefined ? undefined : `postmaster@${name}`)
  const sender: SpfSender = {
    ip,
    ...(from === undefined ? {} : { mailFrom: from }),
    ...(helo === undefined ? {} : { helo }),
    ...(name === undefined ? {} : { domain: name }),
  }
  return { sender, of: '' }
}

/** What no client could say in MAIL FROM or HELO; an empty MAIL FROM is that of a bounce. */
function checkNames({ mailFrom = '', helo }: SpfCheckOptions): void {
  if (mailFrom !== '' && !/@[^\s@]+$/.test(mailFrom))
    throw new MailsyncError('usage', `--mail-from ${mailFrom}: that is no mail address`, {
      hint: 'write it as postmaster@example.com',
    })
  if (helo !== undefined && !/^\S+$/.test(helo))
    throw new MailsyncError('usage', `--helo ${helo}: that is no name`, { hint: 'write it as mail.example.com' })
}

function readDomain(text: string): Name {
  const name = parseName(text)
  if (typeof name === 'string' && name !== '.') return name
  const error = typeof name === 'string' ? 'the root is no domain' : name.error
  throw new MailsyncError('usage', `${error}`, { hint: 'write a domain: mailsync spf check example.com' })
}

async function sendersOfSpec({ config, domain, mailFrom, helo }: SpfCheckOptions, io: Io): Promise<SpecSender[]> {
  const { spec } = await openSession({ file: config, env: io.env, online: false })
  const names =
    domain === undefined
      ? spec.domains.filter(({ mail, spf }) => mail === 'normal' && spf !== false).map(({ name }) => name)
      : [readDomain(domain)]
  const senders = names.flatMap((name) => {
    const found = specSenders(spec, name)
    if (found) return found
    const near = didYouMean(
      displayName(name),
      spec.domains.slice(0, 1000).map((one) => displayName(one.name)),
    )
    throw new MailsyncError(
      'usage',
      `${displayName(name)} is no domain or host of the spec, so it has no senders to check`,
      {
        hint: `name a sender, for a domain of anybody: --ip ADDRESS; ${near}`,
      },
    )
  })
  if (senders.length === 0)
    throw new MailsyncError('usage', 'the spec names no address that sends, so there is nothing to check', {
      hint: 'name one: --ip ADDRESS',
    })
  return senders.map(({ sender, of }) => ({
    sender: { ...sender, ...(mailFrom === undefined ? {} : { mailFrom }), ...(helo === undefined ? {} : { helo }) },
    of,
  }))
}

/** The fields of the worst result at the top, so that one check and many read alike. */
function documentOf(checked: readonly Checked[]): object {
  const [worst] = [...checked].sort((a, b) => severity(a) - severity(b))
  return {
    format: 'mailsync-spf-check',
    version: 1,
    ...(worst ? dataOf(worst) : {}),
    checks: checked.map(dataOf),
  }
}

function severity({ check: { result } }: Checked): number {
  return WORST_FIRST.indexOf(result)
}

function dataOf({ sender: { ip, mailFrom, helo }, check }: Checked): object {
  const { result, explanation, lookups, voids, tree } = check
  return {
    domain: tree.domain,
    ip,
    mailFrom: mailFrom ?? null,
    helo: helo ?? null,
    result,
    explanation: explanation ?? null,
    lookups,
    voids,
    tree,
  }
}

/** A line a sender; the tree of each that does not pass, and of one that does, as it is mostly the same. */
function renderAll(checked: readonly Checked[], colour: boolean): string {
  const lines = checked.flatMap((one) => {
    const { sender, of, check } = one
    const who = [check.tree.domain, sender.ip, ...(of === '' ? [] : [`(${of})`])].join('  ')
    const isShown =
      check.result !== 'pass' ||
      one === checked.find(({ check: { result, tree } }) => result === 'pass' && tree.domain === check.tree.domain)
    return [renderSpfResult(who, check, colour), ...(isShown ? renderSpfTree(check).map((line) => `  ${line}`) : [])]
  })
  return lines.map((line) => `${line}\n`).join('')
}
