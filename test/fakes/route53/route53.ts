import nock from 'nock'
import { sortKey, stored } from './name.js'
import { document, element, errorBody, messagesBody, readChanges, setXml, text, zoneXml } from './xml.js'
import { applyBatch, type FakeChange, type FakeSet, type FakeZone, fakeZone, NAME_SERVERS, sorted } from './zone.js'

/** One request that arrived. */
export interface Call {
  readonly action: string
  readonly zoneId?: string
  readonly changes?: readonly FakeChange[]
  readonly query: URLSearchParams
}

/** What goes wrong with a request: before Route 53 acts on it, or after. */
export interface Fault {
  readonly when: 'before' | 'after'
  readonly reply: 'cut' | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
}

export function awsError(status: number, code: string, message: string, headers = {}): Fault {
  return { when: 'before', reply: { status, body: errorBody(code, message), headers } }
}

type Reply = readonly [status: number, body: string]

const XML = { 'content-type': 'text/xml' }

/**
 * Route 53 as its documentation describes it (API 2013-04-01, read 2026-11): batches are atomic and applied in order,
 * CREATE refuses what exists, DELETE must repeat the set exactly, names come back lower-case and octal-escaped, values as
 * they were typed, listings 300 a page in the order of reversed names, changes PENDING for some polls.
 */
export class Route53Fake {
  readonly calls: Call[] = []
  readonly zones: FakeZone[] = []
  /** Consulted for every request, the first being number 1. */
  fault: (call: Call, number: number) => Fault | undefined = () => undefined
  pollsUntilInSync = 0
  /** Answers an InvalidChangeBatch with the older body. */
  olderErrors = false
  /** The Authorization header of the last request. */
  authorization = ''
  readonly #polls = new Map<string, number>()

  constructor(endpoint = 'https://route53.amazonaws.com') {
    nock.disableNetConnect()
    const fake = this
    for (const method of ['GET', 'POST'])
      nock(endpoint)
        .persist()
        .intercept(/^\/2013-04-01\//, method)
        .reply(function (uri, body, callback) {
          fake.authorization = String(this.req.headers.authorization)
          fake.#receive(String(uri), String(body), callback)
        })
  }

  close(): void {
    nock.cleanAll()
    nock.enableNetConnect()
  }

  addZone(
    name: string,
    { id = `Z${this.zones.length + 1}`, isPrivate = false, service = undefined as string | undefined } = {},
  ): FakeZone {
    const zone = fakeZone(id, name, isPrivate, service)
    this.zones.push(zone)
    return zone
  }

  /** How often each action was called. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { action } of this.calls) counts[action] = (counts[action] ?? 0) + 1
    return counts
  }

  #receive(uri: string, body: string, callback: (error: Error | null, reply: nock.ReplyFnResult) => void): void {
    const url = new URL(uri, 'https://route53.amazonaws.com')
    const [, , collection = '', id = '', member = ''] = url.pathname.split('/')
    const changes = body === '' ? undefined : readChanges(body)
    const action = actionOf(collection, id, member, changes !== undefined)
    const call = { action, query: url.searchParams, ...(id ? { zoneId: id } : {}), ...(changes ? { changes } : {}) }
    this.calls.push(call)
    const fault = this.fault(call, this.calls.length)
    const reply = fault?.when === 'before' ? undefined : this.#answer(call)
    if (fault?.reply === 'cut') callback(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), [0])
    else if (fault) callback(null, [fault.reply.status, fault.reply.body, { ...XML, ...fault.reply.headers }])
    else callback(null, [...(reply as Reply), XML])
  }

  #answer({ action, zoneId = '', query, changes = [] }: Call): Reply {
    if (action === 'ListHostedZonesByName') return this.#listZones(query)
    if (action === 'GetChange') return [200, this.#change('GetChangeResponse', zoneId)]
    const zone = this.zones.find(({ id }) => id === zoneId)
    if (!zone) return [404, errorBody('NoSuchHostedZone', `No hosted zone found with ID: ${zoneId}`)]
    if (action === 'ListResourceRecordSets') return listSets(zone, query)
    if (action === 'GetHostedZone') return [200, document('GetHostedZoneResponse', zoneXml(zone) + delegation(zone))]
    const long = changes.flatMap(({ set }) => set.values).find((value) => value.length > 4000)
    if (long)
      return [
        400,
        errorBody('InvalidInput', '1 validation error detected: Member must have length less than or equal to 4000'),
      ]
    const errors = applyBatch(zone, changes)
    if (errors.length > 0)
      return [400, this.olderErrors ? messagesBody(errors) : errorBody('InvalidChangeBatch', `[${errors.join(', ')}]`)]
    const changeId = `C${this.#polls.size + 1}`
    this.#polls.set(changeId, this.pollsUntilInSync)
    return [200, this.#change('ChangeResourceRecordSetsResponse', changeId, true)]
  }

  #change(response: string, id: string, fresh = false): string {
    const polls = this.#polls.get(id) ?? 0
    if (!fresh) this.#polls.set(id, polls - 1)
    const status = fresh || polls > 0 ? 'PENDING' : 'INSYNC'
    const info = text('Id', `/change/${id}`) + text('Status', status) + text('SubmittedAt', '2026-11-22T01:02:03.004Z')
    return document(response, element('ChangeInfo', info))
  }

  #listZones(query: URLSearchParams): Reply {
    const key = (name: string, id: string): string => `${sortKey(stored(name))}\0${id}`
    const all = [...this.zones].sort((a, b) => (key(a.name, a.id) < key(b.name, b.id) ? -1 : 1))
    const from = query.has('dnsname') ? key(query.get('dnsname') ?? '', query.get('hostedzoneid') ?? '') : ''
    const rest = all.filter((zone) => key(zone.name, zone.id) >= from)
    const size = Math.min(Number(query.get('maxitems') ?? 100), 100)
    const next = rest[size]
    const body =
      element('HostedZones', rest.slice(0, size).map(zoneXml).join('')) +
      element('IsTruncated', next !== undefined) +
      (next ? text('NextDNSName', next.name) + text('NextHostedZoneId', next.id) : '') +
      element('MaxItems', size)
    return [200, document('ListHostedZonesByNameResponse', body)]
  }
}

function actionOf(collection: string, id: string, member: string, hasBody: boolean): string {
  if (collection === 'hostedzonesbyname') return 'ListHostedZonesByName'
  if (collection === 'change') return 'GetChange'
  if (member === '') return id === '' ? 'ListHostedZones' : 'GetHostedZone'
  return hasBody ? 'ChangeResourceRecordSets' : 'ListResourceRecordSets'
}

function listSets(zone: FakeZone, query: URLSearchParams): Reply {
  const position = (name: string, type: string, identifier = ''): string => [sortKey(name), type, identifier].join('\0')
  const from = query.has('name')
    ? position(stored(query.get('name') ?? ''), query.get('type') ?? '', query.get('identifier') ?? '')
    : ''
  const rest = sorted(zone.sets).filter((set) => position(set.name, set.type, set.identifier) >= from)
  const size = Math.min(Number(query.get('maxitems') ?? 300), 300)
  const next: FakeSet | undefined = rest[size]
  const body =
    element('ResourceRecordSets', rest.slice(0, size).map(setXml).join('')) +
    element('IsTruncated', next !== undefined) +
    element('MaxItems', size) +
    text('NextRecordName', next?.name) +
    text('NextRecordType', next?.type) +
    text('NextRecordIdentifier', next?.identifier)
  return [200, document('ListResourceRecordSetsResponse', body)]
}

function delegation(zone: FakeZone): string {
  if (zone.isPrivate) return element('VPCs', element('VPC', text('VPCId', 'vpc-1')))
  return element('DelegationSet', element('NameServers', NAME_SERVERS.map((name) => text('NameServer', name)).join('')))
}
