import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { isDkimValue, readDkim } from '../../records/families/dkim/read-dkim.js'
import type { SpfDns } from '../../records/families/spf/evaluate/dns.js'
import { displayName, type Name, parseName } from '../../records/rr/name.js'
import type { SignedMessage } from './signed-domain.js'
import type { Verdict } from './verdict.js'

/** What receivers make of the signatures of a domain: the worst of them, as each of its keys may be the one that signs. */
export async function judgeDkim(messages: readonly SignedMessage[], dns: SpfDns): Promise<Verdict> {
  if (messages.length === 0) return { result: 'none', why: 'no key of the spec signs yet' }
  const verdicts = await Promise.all(messages.map((message) => judgeSignature(message, dns)))
  const worst = (['unknown', 'fail', 'key', 'pass'] as const).flatMap(
    (result) => verdicts.find((verdict) => verdict.result === result) ?? [],
  )
  return worst[0] as Verdict
}

async function judgeSignature({ signer, text }: SignedMessage, dns: SpfDns): Promise<Verdict> {
  const name = nameOfKey(signer)
  if (text === undefined) return judgeRecord(name, signer.key.publicKey, dns)
  let failure: string | undefined
  const { results } = await dkimVerify(text, {
    resolver: async (asked, type) => {
      const answer = await dns(parseName(asked) as Name, type as 'TXT')
      if (answer.kind === 'answer') return answer.records.map((value) => [value])
      if (answer.kind === 'failure') failure = answer.why ?? 'no answer'
      throw Object.assign(new Error(answer.kind), { code: answer.kind === 'nodata' ? 'ENODATA' : 'ENOTFOUND' })
    },
  })
  const [verified] = results
  if (verified?.status.result === 'pass') return { result: 'pass' }
  if (failure !== undefined) return { result: 'unknown', why: `${displayName(name)}: ${failure}` }
  return { result: 'fail', why: `${displayName(name)}: ${verified?.status.comment ?? 'the signature is not seen'}` }
}

/** Without the private half: whether receivers find exactly the key of the index. */
async function judgeRecord(name: Name, publicKey: string, dns: SpfDns): Promise<Verdict> {
  const answer = await dns(name, 'TXT')
  if (answer.kind === 'failure') return { result: 'unknown', why: `${displayName(name)}: ${answer.why ?? 'no answer'}` }
  const fail = (why: string): Verdict => ({ result: 'fail', why: `${displayName(name)}: ${why}` })
  const [value, ...others] = answer.kind === 'answer' ? answer.records.filter(isDkimValue) : []
  if (value === undefined) return fail('there is no key')
  if (others.length > 0) return fail(`there are ${others.length + 1} keys (RFC 6376 §3.6.2.2)`)
  const { value: record, faults } = readDkim(value)
  if (record === undefined) return fail(faults.map(({ message, section }) => `${message} (${section})`).join('; '))
  if (record.publicKey === '') return fail('the key is revoked')
  return record.publicKey === publicKey ? { result: 'key' } : fail('another key is there')
}
