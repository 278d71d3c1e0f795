import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Name } from '../../../records/rr/name.js'
import { type DnsServer, serverText } from '../../dns/server.js'
import { copiedKey, type ZoneCopy } from './zone-copy.js'

const FORMAT = 'mailsync zone copy'
const VERSION = 2

type CopiedSet = ZoneCopy['sets'] extends ReadonlyMap<string, infer Set> ? Set : never
type Value = CopiedSet['values'] extends Map<string, infer One> ? One : never
type Line = readonly [name: Name, type: string, values: readonly (readonly [ttl: number, rdata: Value['rdata']])[]]

/** Whose copy it is: of one zone, as one server shows it to one key. */
export interface CopySource {
  readonly zone: Name
  readonly server: DnsServer
}

/**
 * The text of a copy: a line of JSON about it, then one for each RRset. The code in the first line is made with the TSIG
 * secret, so that a copy is believed as much as a signed transfer; without a key it only tells whether the file is whole.
 */
export function copyText(copy: ZoneCopy, source: CopySource): string {
  const lines = [...copy.sets.values()].map(({ name, type, values }) =>
    JSON.stringify([name, type, [...values.values()].map(({ ttl, rdata }) => [ttl, rdata])] satisfies Line),
  )
  const body = [...lines, ''].join('\n')
  return `${headLine(source, copy, body)}\n${body}`
}

/** The copy that a text holds; undefined where it is none, of another version or source, or not as it was written. */
export function readCopy(text: string, source: CopySource): ZoneCopy | undefined {
  const end = text.indexOf('\n')
  const [head, body] = [text.slice(0, end), text.slice(end + 1)]
  try {
    const { serial, wholeAt } = JSON.parse(head)
    const [found, expected] = [head, headLine(source, { serial, wholeAt }, body)].map((line) => Buffer.from(line)) as [
      Buffer,
      Buffer,
    ]
    if (found.length !== expected.length || !timingSafeEqual(found, expected)) return undefined
    const lines: Line[] = body
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
    return { serial, wholeAt, sets: new Map(lines.map((line) => [`${line[0]} ${line[1]}`, setOf(line)])) }
  } catch {
    return undefined
  }
}

function setOf([name, type, values]: Line): CopiedSet {
  return { name, type, values: new Map(values.map(([ttl, rdata]) => [copiedKey(type, rdata), { ttl, rdata }])) }
}

type Head = Pick<ZoneCopy, 'serial' | 'wholeAt'>

function headLine({ zone, server }: CopySource, { serial, wholeAt }: Head, body: string): string {
  const key = server.key?.name ?? null
  const head = { format: FORMAT, version: VERSION, zone, server: serverText(server), key, serial, wholeAt }
  const code = createHmac('sha256', server.key?.secret ?? FORMAT)
    .update(`${JSON.stringify(head)}\n${body}`)
    .digest('hex')
  return JSON.stringify({ ...head, code })
}
