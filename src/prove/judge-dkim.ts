import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { readDkim } from '../../records/families/dkim/read-dkim.js'
import type { SpfDns } from '../../records/families/spf/evaluate/dns.js'
import { displayName, type Name, parseName } from '../../records/rr/name.js'
import type { Mailing } from './mailing.js'
import type { SignedMessage } from './signed-domain.js'
import { passes, type Verdict } from './verdict.js'

/** What receivers make of the signatures of a sender: the worst of them, as each of its keys may be the one that signs. */
export async function judgeDkim({ messages, isRelayed }: Mailing, dns: SpfDns): Promise<Verdict> {
  if (messages.length === 0)
    return { result: 'none', why: isRelayed ? 'no key of the relay is known' : 'no key of the spec signs yet' }
  const verdicts = await Promise.all(messages.map((message) => judgeSignature(message, dns)))
  const worst = (['unknown', 'fail', 'key', 'pass'] as const).flatMap(
    (result) => verdicts.find((verdict) => verdict.result === result) ?? [],
  )
  return worst[0] as Verdict
}

/** The record is judged first: it may forbid what a verifier lets pass, and two of them leave the result to chance. */
async function judgeSignature({ signer, text }: SignedMessage, dns: SpfDns): Promise<Verdict> {
  const name = nameOfKey(signer)
  const record = await judgeRecord(name, signer.key, dns)
  if (text === undefined || !passes(record)) return record
  const { results } = await dkimVerify(text, {
    resolver: async (asked, type) => {
      const answer = await dns(parseName(asked) as Name, type as 'TXT')
      if (answer.kind === 'answer') return answer.records.map((value) => [value])
      throw Object.assign(new Error(answer.kind), { code: answer.kind === 'nodata' ? 'ENODATA' : 'ENOTFOUND' })
    },
  })
  const [verified] = results
  if (verified?.status.result === 'pass') return { result: 'pass' }
  return { result: 'fail', why: `${displayName(name)}: ${verified?.status.comment ?? 'the signature is not seen'}` }
}

/** Whether receivers find exactly the key that is known, else a key, and may use it for mail: `key` where they do. */
async function judgeRecord(name: Name, { publicKey }: SignedMessage['signer']['key'], dns: SpfDns): Promise<Verdict> {
  const answer = await dns(name, 'TXT')
  if (answer.kind === 'failure') return { result: 'unknown', why: `${displayName(name)}: ${answer.why ?? 'no answer'}` }
  const fail = (why: string): Verdict => ({ result: 'fail', why: `${displayName(name)}: ${why}` })
  const [value, ...others] = answer.kind === 'answer' ? answer.records : []
  if (value === undefined) return fail('no key')
  if (others.length > 0) return fail(`there are ${others.length + 1} values (RFC 6376 §3.6.2.2)`)
  const { value: record, faults } = readDkim(value)
  if (record === undefined) return fail(faults.map(({ message, section }) => `${message} (${section})`).join('; '))
  if (record.publicKey === '') return fail('the key is revoked')
  if (publicKey !== undefined && record.publicKey !== publicKey) return fail('another key is there')
  if (record.hashes && !record.hashes.includes('sha256'))
    return fail(`h=${record.hashes.join(':')} is not for sha256, which signatures have (RFC 6376 §3.6.1)`)
  if (!record.services.some((service) => service === '*' || service === 'email'))
    return fail(`s=${record.services.join(':')} is not for mail (RFC 6376 §3.6.1)`)
  return { result: 'key' }
}
