import { quoted } from '../../records/cut.js'
import { type AskTexts, discoverPolicy } from '../../records/families/dmarc/tree-walk.js'
import { checkHost } from '../../records/families/spf/evaluate/check-host.js'
import type { SpfDns } from '../../records/families/spf/evaluate/dns.js'
import type { SpfSender } from '../../records/families/spf/evaluate/sender.js'
import { type Address, heldAddress } from '../../records/rr/address.js'
import { displayName, type Name, parseName, withoutDot } from '../../records/rr/name.js'
import { reverseName } from '../../records/rr/reverse.js'
import { judgeDkim } from './judge-dkim.js'
import type { Mailing } from './mailing.js'
import { passes, type Result, type Verdict, type Verdicts } from './verdict.js'

/** What a receiver makes of a mailing that sees this DNS. */
export async function judge(mailing: Mailing, dns: SpfDns): Promise<Verdicts> {
  const { sender, isRelayed } = mailing
  const [fcrdns, spf, dkim] = await Promise.all([
    isRelayed || !('ip' in sender) ? ({ result: 'theirs' } as const) : judgeReverse(sender.ip, dns),
    'ip' in sender ? judgeSpf(sender, dns) : sender,
    judgeDkim(mailing, dns),
  ])
  return { fcrdns, spf, dkim, dmarc: await judgeDmarc(mailing, [spf, dkim], dns) }
}

/** Where it is sent from, as far as that is known. */
export function addressOf({ sender }: Pick<Mailing, 'sender'>): string | undefined {
  return 'ip' in sender ? sender.ip : undefined
}

async function judgeSpf(sender: SpfSender, dns: SpfDns): Promise<Verdict> {
  const { result, tree } = await checkHost(sender, dns)
  if (result === 'pass') return { result }
  const why = tree.why ?? `${tree.domain}: ${tree.record}`
  return { result: result === 'temperror' ? 'unknown' : result, why }
}

/**
 * Signature and From name one domain, so that DKIM is aligned in either mode; so is SPF where the envelope does too, and
 * where it names one below only in the relaxed one (RFC 9989 §4.4).
 */
async function judgeDmarc(
  { domain, sender }: Mailing,
  [spf, dkim]: readonly [Verdict, Verdict],
  dns: SpfDns,
): Promise<Verdict> {
  const ask: AskTexts = async (name) => {
    const answer = await dns(name, 'TXT')
    if (answer.kind === 'failure') return { failure: `${displayName(name)}: ${answer.why ?? 'no answer'}` }
    return answer.kind === 'answer' ? answer.records : []
  }
  const found = await discoverPolicy(domain, ask)
  if (found === undefined) return { result: 'none', why: 'there is no policy' }
  if ('failure' in found) return { result: 'unknown', why: found.failure }
  const isExact = !('mailFrom' in sender) || sender.mailFrom === `postmaster@${withoutDot(domain)}`
  const isAligned = isExact || found.record.aspf === 'relaxed'
  if ((passes(spf) && isAligned) || passes(dkim)) return { result: 'pass' }
  if (spf.result === 'unknown' || dkim.result === 'unknown')
    return { result: 'unknown', why: 'SPF or DKIM is not known' }
  const { policy, of } = found
  const why = isAligned
    ? 'neither SPF nor DKIM passes'
    : 'DKIM does not pass, and SPF not for exactly the domain (aspf=s)'
  return { result: 'fail', why: `${why}, and ${displayName(of)} says p=${policy}` }
}

/** Forward-confirmed reverse DNS: a name of the address that leads back to it (RFC 1912 §2.1). */
async function judgeReverse(ip: string, dns: SpfDns): Promise<Verdict> {
  const address = heldAddress(ip) as Address
  const reverse = reverseName(address)
  const answer = await dns(reverse, 'PTR')
  if (answer.kind === 'failure') return unknown(reverse, answer.why)
  if (answer.kind !== 'answer') return { result: 'none', why: `${ip} has no PTR` }
  const verdicts = await Promise.all(answer.records.map((name) => confirmed(name, address, dns)))
  return verdicts.find(({ result }) => result === 'pass') ?? (verdicts[0] as Verdict)
}

async function confirmed(target: string, address: Address, dns: SpfDns): Promise<Verdict> {
  const name = parseName(target)
  if (typeof name !== 'string') return { result: 'fail', why: `the PTR leads to ${quoted(target)}` }
  const answer = await dns(name, address.includes(':') ? 'AAAA' : 'A')
  if (answer.kind === 'failure') return unknown(name, answer.why)
  const addresses: readonly string[] = answer.kind === 'answer' ? answer.records : []
  if (addresses.some((one) => heldAddress(one) === address)) return { result: 'pass' }
  const has = addresses.length === 0 ? 'no address' : `only ${addresses.join(', ')}`
  return { result: 'fail', why: `the PTR leads to ${displayName(name)}, which has ${has}` }
}

function unknown(name: Name, why = 'no answer'): Verdict {
  return { result: 'unknown' satisfies Result, why: `${displayName(name)}: ${why}` }
}
