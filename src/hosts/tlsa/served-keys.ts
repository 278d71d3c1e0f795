import { connect, type Socket } from 'node:net'
import { type PeerCertificate, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { rdataText } from '../../../records/rr/rdata.js'
import type { TlsaSpec } from '../../../records/spec.js'
import { associationOf, certificatesIn } from './association.js'

/** Milliseconds that a server has for its whole answer. */
const LIMIT = 8_000
/** Ports where TLS begins at once (RFC 8314). */
const IMPLICIT: readonly number[] = [443, 465, 993, 995]
/** Lines of a greeting, octets. */
const MOST_OCTETS = 16_384

/** What a server answers with at a port. */
export interface ServedKeys {
  /** The TLSA records that its chain fits: `3 1 1` of the server, `2 1 1` of each CA after it. */
  readonly associations: readonly string[]
}

/**
 * Asks a server for its certificate: by STARTTLS of SMTP (RFC 3207), or at once at the ports where TLS begins so. What it proves is not
 * checked. Throws {@link MailsyncError} `unavailable`, `timeout` or `cancelled`.
 */
export async function servedKeys(
  { host, port, name }: { readonly host: string; readonly port: number; readonly name: string },
  signal: AbortSignal,
): Promise<ServedKeys> {
  const limit = AbortSignal.timeout(LIMIT)
  const socket = connect({ host, port, signal: AbortSignal.any([signal, limit]) })
  let open: Socket = socket
  try {
    if (!IMPLICIT.includes(port)) await startTls(socket)
    const secured = tlsConnect({ socket, servername: name, rejectUnauthorized: false })
    // The socket below TLS must not go first: Node 20 ends with a segmentation fault (20.20.2, 2026-11).
    open = secured
    await once(secured, 'secureConnect')
    return { associations: associationsOf(secured) }
  } catch (error) {
    if (error instanceof MailsyncError) throw error
    if (signal.aborted) throw new MailsyncError('cancelled', 'stopped while a server was asked for its certificate')
    if (limit.aborted) throw new MailsyncError('timeout', 'it does not answer in time')
    const { code, message } = error as NodeJS.ErrnoException
    throw new MailsyncError('unavailable', `it cannot be reached: ${code ?? message}`, { cause: error })
  } finally {
    open.destroy()
  }
}

async function startTls(socket: Socket): Promise<void> {
  await reply(socket, /^220/)
  socket.write('EHLO mailsync.invalid\r\n')
  const offered = await reply(socket, /^250/)
  if (!/^250[- ]STARTTLS\r?$/im.test(offered)) throw new MailsyncError('unavailable', 'it offers no STARTTLS')
  socket.write('STARTTLS\r\n')
  await reply(socket, /^220/)
}

/** A whole reply of SMTP, whose last line has a space after the code (RFC 5321 §4.2.1). */
async function reply(socket: Socket, wanted: RegExp): Promise<string> {
  let text = ''
  while (!/^\d{3}(?: .*)?\r?\n$/m.test(text.slice(text.lastIndexOf('\n', text.length - 2) + 1))) {
    const [piece] = await once(socket, 'data')
    text += (piece as Buffer).toString('latin1')
    if (text.length > MOST_OCTETS) throw new MailsyncError('unavailable', 'it does not speak SMTP')
  }
  if (!wanted.test(text)) throw new MailsyncError('unavailable', `it answers ${quoted(text.trim())}`)
  return text
}

/** The next event; rejects where the connection ends before. */
function once(socket: Socket, event: 'data' | 'secureConnect'): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const close = (): void => reject(new MailsyncError('unavailable', 'it closes the connection'))
    const settle =
      <Value>(then: (value: Value) => void) =>
      (value: Value): void => {
        socket.off(event, done).off('error', failed).off('close', close)
        if (event === 'data') socket.pause()
        then(value)
      }
    const done = settle((value: unknown) => resolve([value]))
    const failed = settle(reject)
    socket.once(event, done).once('error', failed).once('close', close)
    if (event === 'data') socket.resume()
  })
}

function associationsOf(socket: TLSSocket): readonly string[] {
  const chain: Buffer[] = []
  let at: PeerCertificate | undefined = socket.getPeerCertificate(true)
  while (at?.raw !== undefined && !chain.some((known) => known.equals((at as PeerCertificate).raw))) {
    chain.push(at.raw)
    at = (at as { readonly issuerCertificate?: PeerCertificate }).issuerCertificate
  }
  const pem = chain.map((der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`)
  return certificatesIn(pem.join('')).map(({ publicKey }, index) => {
    const usage: TlsaSpec['usage'] = index === 0 ? 'ee' : 'ta'
    return rdataText('TLSA', associationOf(publicKey, usage))
  })
}
