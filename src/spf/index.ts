/** `mailsync/spf`: SPF records read by the grammar of RFC 7208, written, and evaluated; DNS is a function that is passed in. */

export type { Fault, Reading } from '../../records/families/reading.js'
export { checkHost } from '../../records/families/spf/evaluate/check-host.js'
export type { SpfAnswer, SpfDns, SpfQueryType, SpfRecords } from '../../records/families/spf/evaluate/dns.js'
export { type FlatFault, type FlatSpf, flattenInclude } from '../../records/families/spf/evaluate/flatten.js'
export type { SpfSender } from '../../records/families/spf/evaluate/sender.js'
export type { SpfCheck, SpfRecordTrace, SpfResult, SpfTermTrace } from '../../records/families/spf/evaluate/trace.js'
export { isSpfValue, readSpf, type SpfDirective, type SpfRecord } from '../../records/families/spf/read-spf.js'
export { writeSpf } from '../../records/families/spf/write-spf.js'
