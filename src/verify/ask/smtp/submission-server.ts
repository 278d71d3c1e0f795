import { type Name, withoutDot } from '../../../../records/rr/name.js'
import { openConversation } from './conversation.js'
import { literal, type ShownCertificate, type SmtpWorld, shownBy } from './mail-server.js'

/** What a host shows where mail programs hand in mail. */
export interface SubmissionServer {
  /** What a client may do before TLS that it should not. */
  readonly authInClear: boolean
  readonly authOverTls: boolean
  readonly certificate?: ShownCertificate
  readonly fault?: string
}

/** Port 587 with STARTTLS, or 465 with TLS from the beginning (RFC 8314 §3.3). Throws what keeps it from being reached. */
export async function lookAtSubmission(
  host: Name,
  address: string,
  port: 465 | 587,
  { at, ca, timeout, deadline }: SmtpWorld,
  signal: AbortSignal,
): Promise<SubmissionServer> {
  const name = withoutDot(host)
  const tls = { servername: name, ca }
  const talk = await openConversation(at(address, port), { timeout, deadline, signal, ...(port === 465 && { tls }) })
  try {
    const { code, lines } = await talk.read()
    if (code !== 220) throw new Error(`it greets with ${code} ${lines.join(' ')}`)
    const hello = `EHLO ${literal(talk.localAddress)}`
    const first = (await talk.say(hello)).lines
    if (talk.secure)
      return { authInClear: false, authOverTls: offersAuth(first), certificate: shownBy(talk.secure, name) }
    const authInClear = offersAuth(first)
    if (!first.some((line) => /^STARTTLS\b/i.test(line)))
      return { authInClear, authOverTls: false, fault: 'it offers no STARTTLS' }
    await talk.say('STARTTLS')
    const secure = await talk.startTls(tls)
    return { authInClear, authOverTls: offersAuth((await talk.say(hello)).lines), certificate: shownBy(secure, name) }
  } finally {
    talk.close()
  }
}

function offersAuth(lines: readonly string[]): boolean {
  return lines.some((line) => /^AUTH[ =]/i.test(line))
}
