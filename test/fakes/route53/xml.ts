import type { FakeChange, FakeSet, FakeZone } from './zone.js'

const XMLNS = 'https://route53.amazonaws.com/doc/2013-04-01/'

export function element(name: string, content: string | number | boolean | undefined): string {
  return content === undefined ? '' : `<${name}>${content}</${name}>`
}

export function text(name: string, content: string | undefined): string {
  return element(
    name,
    content?.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`),
  )
}

export function document(name: string, content: string): string {
  return `<?xml version="1.0"?>\n<${name} xmlns="${XMLNS}">${content}</${name}>`
}

export function errorBody(code: string, message: string): string {
  const error = `<Error><Type>Sender</Type>${text('Code', code)}${text('Message', message)}</Error>`
  return document('ErrorResponse', `${error}<RequestId>0e0d0f00-0000-4000-8000-000000000000</RequestId>`)
}

/** The older body of an InvalidChangeBatch, which has no code. */
export function messagesBody(messages: readonly string[]): string {
  return document('InvalidChangeBatch', element('Messages', messages.map((one) => text('Message', one)).join('')))
}

export function zoneXml(zone: FakeZone): string {
  return element(
    'HostedZone',
    text('Id', `/hostedzone/${zone.id}`) +
      text('Name', zone.name) +
      text('CallerReference', zone.id) +
      element('Config', element('PrivateZone', zone.isPrivate)) +
      element('ResourceRecordSetCount', zone.sets.length) +
      (zone.service ? element('LinkedService', text('ServicePrincipal', zone.service)) : ''),
  )
}

export function setXml(set: FakeSet): string {
  const values = set.values.map((value) => element('ResourceRecord', text('Value', value))).join('')
  return element(
    'ResourceRecordSet',
    text('Name', set.name) +
      text('Type', set.type) +
      text('SetIdentifier', set.identifier) +
      (set.routing ?? '') +
      element('TTL', set.ttl) +
      (values === '' ? '' : element('ResourceRecords', values)),
  )
}

/** The changes of a ChangeResourceRecordSets request. */
export function readChanges(body: string): FakeChange[] {
  return all(body, 'Change').map((change) => {
    const set = all(change, 'ResourceRecordSet')[0] ?? ''
    return {
      action: plain(change, 'Action'),
      set: {
        name: plain(set, 'Name'),
        type: plain(set, 'Type'),
        ttl: Number(plain(set, 'TTL')),
        values: all(set, 'Value').map(decode),
      },
    }
  })
}

function all(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, content]) => content ?? '')
}

function plain(xml: string, name: string): string {
  return decode(all(xml, name)[0] ?? '')
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" }

function decode(xml: string): string {
  return xml.replace(/&(#x?[0-9a-f]+|\w+);/gi, (_, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? ''
    const hex = entity[1]?.toLowerCase() === 'x'
    return String.fromCodePoint(Number.parseInt(entity.slice(hex ? 2 : 1), hex ? 16 : 10))
  })
}
