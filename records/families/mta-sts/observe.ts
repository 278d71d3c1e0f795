import type { Finding } from '../../finding.js'
import { displayName, joinName, type Name } from '../../rr/name.js'
import { finding } from '../../rules/rule.js'
import { type SingleRecord, singleRecordFindings } from '../../rules/single-record.js'
import { isVoid, textsAt, type ZoneView } from '../../rules/zone-view.js'
import { policyHostName } from './policy.js'
import { isStsValue, readStsRecord } from './read-record.js'

const RECORD: SingleRecord = {
  noun: 'MTA-STS record',
  rule: 'mta-sts',
  section: 'RFC 8461 §3.1',
  outcome: 'senders take the domain to have no policy',
  isOwn: isStsValue,
  read: readStsRecord,
}

/** What senders will find wrong in a zone that was read. */
export function observeMtaSts(view: ZoneView): Finding[] {
  return view.domains.flatMap(({ name, from }) => {
    const place = [...from, 'mta_sts']
    const owner = joinName('_mta-sts', name)
    return [...singleRecordFindings(view, owner, place, RECORD), ...withoutHost(view, name, place)]
  })
}

/** A record says that there is a policy, and nothing is where it is fetched. */
function withoutHost(view: ZoneView, domain: Name, from: Finding['from']): Finding[] {
  const values = (textsAt(view, joinName('_mta-sts', domain)) ?? []).filter(isStsValue)
  const said = values.length === 1 && readStsRecord(values[0] as string).value !== undefined
  const host = policyHostName(domain)
  if (!said || !isVoid(view, host)) return []
  return [
    finding(
      'warning',
      'mta-sts-without-host',
      from,
      `${displayName(domain)} says that it has an MTA-STS policy, and ${displayName(host)}, where senders fetch it, has no address (RFC 8461 §3.3)`,
      'set mta_sts.host to the web server that has the policy',
    ),
  ]
}
