import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The steps of a message that a milter may leave out, and the replies it may leave out, as bits of SMFIP (mfdef.h of libmilter). */
const LEFT_OUT = { C: 0x1, H: 0x2, M: 0x4, R: 0x8, B: 0x10, L: 0x20, N: 0x40, T: 0x200, E: 0 } as const
const UNANSWERED = {
  C: 0x1000,
  H: 0x2000,
  M: 0x4000,
  R: 0x8000,
  T: 0x10000,
  L: 0x80,
  N: 0x40000,
  B: 0x80000,
  E: 0,
} as const
const OFFERED = [...Object.values(LEFT_OUT), ...Object.values(UNANSWERED)].reduce<number>((all, bit) => all | bit, 0)
/** Headers may be added and changed, and a message held back, which OpenDMARC insists on. */
const ACTIONS = 0x1 | 0x10 | 0x20

type Step = keyof typeof LEFT_OUT

/** Who hands in a message. */
export interface MilterClient {
  readonly ip: string
  readonly helo: string
}

const THIS_MACHINE: MilterClient = { ip: '127.0.0.1', helo: 'localhost' }

/** Gives a message to a milter as an MTA would, and gives it as the milter made it. */
export async function throughMilter(
  port: number,
  mail: string,
  { ip, helo }: MilterClient = THIS_MACHINE,
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const packets = packetsOf(socket)
  const send = (command: string, data: Buffer): void => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(data.length + 1)
    socket.write(Buffer.concat([head, Buffer.from(command), data]))
  }
  const receive = async (): Promise<Buffer> => {
    const { value, done } = await packets.next()
    if (done) throw new Error(`the milter at port ${port} went away`)
    return value
  }
  try {
    send('O', numbers(6, ACTIONS, OFFERED))
    const flags = (await receive()).readUInt32BE(9)
    const added: string[] = []
    const step = async (command: Step, data: Buffer): Promise<void> => {
      if ((flags & LEFT_OUT[command]) !== 0) return
      send(command, data)
      if ((flags & UNANSWERED[command]) !== 0) return
      for (;;) {
        const reply = await receive()
        const kind = String.fromCharCode(reply[0] ?? 0)
        if (kind === 'i') added.unshift(header(reply.subarray(5)))
        else if (kind === 'h') added.push(header(reply.subarray(1)))
        else if ('rty'.includes(kind)) throw new Error(`the milter refuses ${command}: ${reply.toString()}`)
        else if (!'pmq'.includes(kind)) return
      }
    }
    const [head = '', body = ''] = mail.split(/\r\n\r\n(.*)/s)
    const family = ip.includes(':') ? '6' : '4'
    await step('C', Buffer.concat([text(helo), Buffer.from(`${family}\x30\x39`), text(ip)]))
    await step('H', text(helo))
    await step('M', text(`<${/^From: (.*)$/m.exec(head)?.[1] ?? ''}>`))
    await step('R', text(`<${/^To: (.*)$/m.exec(head)?.[1] ?? ''}>`))
    await step('T', Buffer.alloc(0))
    for (const field of head.split(/\r\n(?![ \t])/)) {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/s.exec(field) ?? []
      await step('L', Buffer.concat([text(name), text(value.replaceAll('\r\n', '\n'))]))
    }
    await step('N', Buffer.alloc(0))
    await step('B', Buffer.from(body))
    await step('E', Buffer.alloc(0))
    return added.join('') + mail
  } finally {
    socket.destroy()
  }
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}

function numbers(...values: readonly number[]): Buffer {
  const octets = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) octets.writeUInt32BE(value, 4 * index)
  return octets
}

function header(data: Buffer): string {
  const [name = '', value = ''] = data.toString().split('\0')
  return `${name}: ${value.replace(/\r?\n/g, '\r\n')}\r\n`
}

async function* packetsOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let rest = Buffer.alloc(0)
  for await (const piece of socket) {
    rest = Buffer.concat([rest, piece as Buffer])
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const end = 4 + rest.readUInt32BE(0)
      yield rest.subarray(4, end)
      rest = rest.subarray(end)
    }
  }
  return undefined
}
