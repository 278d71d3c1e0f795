import { createHmac } from 'node:crypto'
import { encode, type StringAnswer } from 'dns-packet'
import { decodeMessage } from '../../../providers/dns/message.js'
import { tsigOf } from '../../../providers/dns/tsig.js'
import type { ServerKey } from '../../servers/dns-server.js'
import { type FakeServer, startFake } from './fake.js'
import { framed } from './proxy.js'

const ZONE = 'example.com'
export const SOA = {
  name: ZONE,
  type: 'SOA',
  ttl: 3600,
  data: {
    mname: 'ns1.mailsync.test',
    rname: 'hostmaster.mailsync.test',
    serial: 1 as number,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum: 1,
  },
} as const

export type Answer = StringAnswer | typeof SOA

export interface FakeTransfer {
  readonly key: ServerKey
  /** The answers of each message. */
  readonly messages: readonly (readonly Answer[])[]
  /** Which messages carry a TSIG record; default all. */
  isSigned?(index: number): boolean
  /** Seconds by which the server's clock is behind; default 0. */
  readonly behind?: number
  /** Changes a message, signed as it may be, before it goes out. */
  tamper?(message: Buffer, index: number): Buffer
}

/** A server that answers AXFR of example.com with these messages, encoded by dns-packet and signed on its own account. */
export function startFakeTransfer({
  key,
  messages,
  isSigned = () => true,
  behind = 0,
  tamper = (message) => message,
}: FakeTransfer): Promise<FakeServer> {
  return startFake((octets) => {
    const request = decodeMessage(octets)
    let hmac = begin(key, tsigOf(request)?.mac ?? Buffer.alloc(0))
    let isFirst = true
    return messages.map((answers, index) => {
      const plain = encode({
        type: 'response',
        id: request.id,
        flags: 0x0400,
        questions: index === 0 ? [{ name: ZONE, type: 'AXFR' }] : [],
        answers: [...answers],
      })
      hmac.update(plain)
      if (!isSigned(index)) return framed(tamper(plain, index))
      const timers = timersAt(Math.floor(Date.now() / 1000) - behind)
      hmac.update(
        isFirst
          ? Buffer.concat([wireName(key.name), u16(255), u16(0, 0), wireName(key.algorithm), timers, u16(0, 0)])
          : timers,
      )
      const mac = hmac.digest()
      hmac = begin(key, mac)
      isFirst = false
      const rdata = Buffer.concat([wireName(key.algorithm), timers, u16(mac.length), mac, u16(request.id, 0, 0)])
      const record = Buffer.concat([wireName(key.name), u16(250, 255, 0, 0, rdata.length), rdata])
      const signed = Buffer.concat([plain, record])
      signed.writeUInt16BE(signed.readUInt16BE(10) + 1, 10)
      return framed(tamper(signed, index))
    })
  })
}

export function address(index: number): Answer {
  return { name: `h${index}.${ZONE}`, type: 'A', ttl: 60, data: '192.0.2.1' }
}

function begin(key: ServerKey, mac: Buffer) {
  const hmac = createHmac(key.algorithm.replace('hmac-', ''), Buffer.from(key.secret, 'base64'))
  return hmac.update(u16(mac.length)).update(mac)
}

function timersAt(seconds: number): Buffer {
  const octets = Buffer.alloc(8)
  octets.writeUIntBE(seconds, 0, 6)
  octets.writeUInt16BE(300, 6)
  return octets
}

function wireName(name: string): Buffer {
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.of(0)])
}

function u16(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 255)))
}
