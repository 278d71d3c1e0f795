import { once, setMaxListeners } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { quoted } from '../../../../records/cut.js'

/** What a server says to a command (RFC 5321 §4.2). */
export interface SmtpReply {
  readonly code: number
  /** Without the code. */
  readonly lines: readonly string[]
}

/** One connection to a mail server. All of it throws what ends the connection. */
export interface Conversation {
  /** The greeting, or the reply to what was said before. */
  read(): Promise<SmtpReply>
  /** Says a line, and reads the reply. */
  say(line: string): Promise<SmtpReply>
  /** Goes on over TLS; what the certificate is worth is for the caller to judge. */
  startTls(options: TlsOptions): Promise<TLSSocket>
  /** This side's address. */
  readonly localAddress: string
  readonly remoteAddress: string
  close(): void
}

export interface TlsOptions {
  readonly servername: string
  /** PEM; none of an empty list; default: those of Node. */
  readonly ca?: string | readonly string[] | undefined
}

export interface SmtpAddress {
  readonly host: string
  readonly port: number
}

/** A server that says more is no mail server. */
const MOST_LINES = 200
const MOST_OCTETS = 65_536

export interface TalkOptions {
  /** Milliseconds for the connection, and in which something has to come each time. */
  readonly timeout: number
  /** Milliseconds for all that is said, since a server may send an octet now and then. Default: four timeouts. */
  readonly deadline?: number | undefined
  readonly signal: AbortSignal
  /** TLS from the beginning. */
  readonly tls?: TlsOptions
}

const PATIENCE = 4

export async function openConversation(
  { host, port }: SmtpAddress,
  { timeout, deadline = PATIENCE * timeout, signal, tls }: TalkOptions,
): Promise<Conversation & { readonly secure: TLSSocket | undefined }> {
  setMaxListeners(0, signal)
  const plain = connectTcp({ host, port, signal })
  let current: Socket = plain
  let reader = replyReader(plain)
  const end = (error?: Error): void => {
    clearTimeout(last)
    // Below TLS that is still open the socket must not go first: Node 20 ends with a segmentation fault (20.20.2, 2026-11).
    if (current === plain || current.closed) plain.destroy(error)
    else current.once('close', () => plain.destroy()).destroy(error)
  }
  const last = setTimeout(() => end(new Error(`it is not done after ${deadline / 1000} s`)), deadline)
  plain.setTimeout(timeout, () =>
    end(Object.assign(new Error(`no answer in ${timeout / 1000} s`), { code: 'ETIMEDOUT' })),
  )
  const startTls = async ({ servername, ca }: TlsOptions): Promise<TLSSocket> => {
    const secure = connectTls({
      socket: plain,
      servername,
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
    })
    current = secure
    reader = replyReader(secure)
    await once(secure, 'secureConnect')
    return secure
  }
  try {
    await once(plain, 'connect')
    const { localAddress = '', remoteAddress = '' } = plain
    const secure = tls && (await startTls(tls))
    return {
      secure,
      localAddress,
      remoteAddress,
      read: () => reader(),
      say: (line) => {
        current.write(`${line}\r\n`)
        return reader()
      },
      startTls,
      close: () => end(),
    }
  } catch (error) {
    end()
    throw error
  }
}

/** Reads replies, of one or more lines each. */
function replyReader(socket: Socket): () => Promise<SmtpReply> {
  let text = ''
  let ended: Error | undefined
  let wake = (): void => {}
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (text.length > MOST_OCTETS) socket.destroy(new Error('it says more than any mail server does'))
    wake()
  })
  socket.on('error', (error) => {
    ended = error
    wake()
  })
  socket.on('close', () => {
    ended ??= new Error('it ended the connection')
    wake()
  })
  const nextLine = async (): Promise<string> => {
    for (;;) {
      const end = text.indexOf('\n')
      if (end >= 0) {
        const line = text.slice(0, end).replace(/\r$/, '')
        text = text.slice(end + 1)
        return line
      }
      if (ended) throw ended
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return async () => {
    const lines: string[] = []
    for (;;) {
      const line = await nextLine()
      const [, code, more, rest = ''] = /^(\d{3})(?:([ -])(.*))?$/.exec(line) ?? []
      if (code === undefined) throw new Error(`it says ${quoted(line)}, which is no SMTP`)
      lines.push(rest)
      if (more !== '-') return { code: Number(code), lines }
      if (lines.length > MOST_LINES) throw new Error('its reply does not end')
    }
  }
}
