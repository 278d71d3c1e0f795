import { MailsyncError } from '../../../records/error.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, keyOf } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofZone } from '../check.js'
import { whyOther } from './served-records.js'

/** What resolvers that the user named have of a record: one that differs has an older answer in its cache. */
export async function checkAtResolvers(record: MailRecord, zone: Name, { resolvers, signal }: World): Promise<Check[]> {
  const { name, type } = record.rrset
  const checks = resolvers.map(async (resolver): Promise<Check> => {
    const asked = `${keyOf(record.rrset)} at the resolver ${resolver.text}`
    const { pass, warn, unknown } = judge('record-at-resolver', ofZone(zone), asked)
    try {
      const { answer, authority } = await resolver.resolve({ name, type }, signal)
      const found = answer.find((rrset) => rrset.type === type)
      const why = found ? whyOther(record, found) : 'not there'
      if (why === undefined) return pass('as the spec wants it')
      return warn(
        `${why}; it remembers that for ${secondsIn(found, authority)}`,
        'wait, where the name servers have it already',
      )
    } catch (error) {
      if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
      return unknown(error.message, 'name another resolver')
    }
  })
  return Promise.all(checks)
}

/** For how long a resolver gives an answer, or that there is none (RFC 2308 §5). */
function secondsIn(found: AnyRRset | undefined, authority: readonly AnyRRset[]): string {
  const ttl = found?.ttl ?? authority.find(({ type }) => type === ('SOA' as string))?.ttl
  return ttl === undefined ? 'some time' : `${ttl} s`
}
