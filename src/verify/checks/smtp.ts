import { withoutDot } from '../../../records/rr/name.js'
import { isEnforced } from '../ask/https/served-policy.js'
import { lookAtMailServer, type MailServer, type SmtpWorld } from '../ask/smtp/mail-server.js'
import { lookAtSubmission, type SubmissionServer } from '../ask/smtp/submission-server.js'
import type { World } from '../ask/world.js'
import { type Check, type Judge, judge, ofHost, type Subject } from '../check.js'
import { isOurs } from '../is-ours.js'
import type { CheckedHost } from '../subjects/scope.js'
import { listed } from '../words.js'
import { checkCaa } from './caa.js'
import { checkShownCertificate } from './tlsa.js'

/** Addresses of one host that are talked to. */
const MOST_ADDRESSES = 4

/** What a host shows at port 25, 587 and 465. */
export async function checkSmtp(host: CheckedHost, world: World): Promise<Check[]> {
  const { smtp, dns } = world
  if (!smtp) return []
  const looks = await Promise.all([dns.look(host.name, 'A'), dns.look(host.name, 'AAAA')])
  const addresses = alternating(
    looks.map((look) => (look.kind === 'answer' ? (look.rrset.rdata as readonly string[]) : [])),
  )
  const checks = addresses
    .slice(0, MOST_ADDRESSES)
    .map(async (address) => [
      ...(host.receives ? await checkPort25(host, address, smtp, world) : []),
      ...(await checkSubmission(host, address, smtp, world)),
    ])
  return [...(await Promise.all(checks)).flat(), ...notTalkedTo(host, addresses.slice(MOST_ADDRESSES))]
}

/** The first of each list, then the second of each: of many addresses, some of both families. */
function alternating(lists: readonly (readonly string[])[]): string[] {
  return lists
    .flatMap((list) => list.map((item, index) => ({ item, index })))
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item)
}

function notTalkedTo({ name, receives }: CheckedHost, addresses: readonly string[]): Check[] {
  if (addresses.length === 0) return []
  const id = receives ? 'smtp-greeting' : 'smtp-submission'
  const { unknown } = judge(id, ofHost(name), `${name} A, AAAA`)
  return [
    unknown(
      `of its addresses only ${MOST_ADDRESSES} were talked to, and ${addresses.length} were not: ${listed(addresses)}`,
    ),
  ]
}

async function checkPort25(host: CheckedHost, address: string, smtp: SmtpWorld, world: World): Promise<Check[]> {
  const subject = ofHost(host.name)
  const asked = `${address} port 25`
  try {
    const seen = await lookAtMailServer(host.name, address, smtp, world.signal)
    const isSound = seen.certificate !== undefined && seen.certificate.fault === undefined
    const isStrict = !isSound && (host.needsCertificate === true || (await isMailEnforced(host, world)))
    return [
      ...verdicts(host, seen, isStrict, subject, asked),
      ...(await checkShownCertificate(host.name, seen.certificate, address, world)),
      ...(await checkCaa(host.name, seen.certificate?.chain[0], world)),
    ]
  } catch (error) {
    return [unreached(error as NodeJS.ErrnoException, subject, asked, await world.portIsBlocked())]
  }
}

/** That this very network lets no mail out is no fault of the host. */
function unreached(
  error: NodeJS.ErrnoException,
  subject: Subject,
  asked: string,
  portIsBlocked: boolean | undefined,
): Check {
  const { fail, unknown } = judge('smtp-greeting', subject, asked)
  const { message } = error
  if (isOurs(error, portIsBlocked))
    return unknown(`not reached from here: ${message}`, 'run it from a network that lets mail out')
  return fail(
    `it does not take mail there: ${message}`,
    'see that the mail server runs, and that its firewall lets port 25 in',
  )
}

/** Whether somebody publishes an MTA-STS policy for a domain whose mail goes to a host, and senders have to enforce it. */
async function isMailEnforced({ mailOf = [] }: CheckedHost, world: World): Promise<boolean> {
  return (await Promise.all(mailOf.map((domain) => isEnforced(domain, world)))).includes(true)
}

/** @param isStrict whether MTA-STS lets no mail in without a valid certificate */
function verdicts(host: CheckedHost, seen: MailServer, isStrict: boolean, subject: Subject, asked: string): Check[] {
  const name = withoutDot(host.name)
  const greeting = judge('smtp-greeting', subject, asked)
  const tls = judge('smtp-starttls', subject, asked)
  const relay = judge('smtp-relay', subject, `${asked}: MAIL FROM and RCPT TO of others, and no message`)
  const refuse = (sayings: typeof tls): typeof tls.warn => (isStrict ? sayings.fail : sayings.warn)
  return [
    seen.greets.toLowerCase() === name
      ? greeting.pass(`it greets as ${seen.greets}`)
      : greeting.warn(`it greets as ${seen.greets || 'nobody'}`, `let it greet as ${name} (Postfix: myhostname)`),
    seen.offersTls
      ? seen.tlsFault === undefined
        ? tls.pass('it offers TLS')
        : tls.fail(
            `it offers TLS, and the handshake fails: ${seen.tlsFault}`,
            'see its log: senders that try TLS may give up',
          )
      : refuse(tls)('it offers no STARTTLS', 'give it a certificate, and turn TLS on'),
    ...certificateVerdict(host, seen, isStrict, subject, asked),
    seen.relay === 'taken'
      ? relay.fail(
          `it would take mail of anybody to anybody: ${seen.relayReply}`,
          'close it at once (Postfix: smtpd_relay_restrictions)',
        )
      : seen.relay === 'refused'
        ? relay.pass(`it refuses: ${seen.relayReply}`)
        : relay.unknown(seen.relayReply),
  ]
}

function certificateVerdict(
  host: CheckedHost,
  { certificate }: MailServer,
  isStrict: boolean,
  subject: Subject,
  asked: string,
): Check[] {
  if (!certificate) return []
  const { pass, warn, fail } = judge('smtp-certificate', subject, asked)
  if (certificate.fault === undefined) return [pass(`valid for ${withoutDot(host.name)}`)]
  const todo = 'let it show a certificate of a public CA for this name'
  return isStrict
    ? [fail(`${certificate.fault}: an MTA-STS policy is enforced, so senders that honour it give it no mail`, todo)]
    : [warn(`${certificate.fault}; without MTA-STS that is enforced senders take it`, todo)]
}

async function checkSubmission(host: CheckedHost, address: string, smtp: SmtpWorld, world: World): Promise<Check[]> {
  const both = ([587, 465] as const).map(async (port): Promise<Check[]> => {
    const says = judge('smtp-submission', ofHost(host.name), `${address} port ${port}`)
    try {
      const seen = await lookAtSubmission(host.name, address, port, smtp, world.signal)
      return [submissionVerdict(seen, says), ...(await checkCaa(host.name, seen.certificate?.chain[0], world))]
    } catch (error) {
      // A host that takes mail need not take it from mail programs.
      if (!host.submits) return []
      const { message } = error as Error
      return isOurs(error as NodeJS.ErrnoException)
        ? [says.unknown(`not reached from here: ${message}`, 'run it from a network that leads there')]
        : [says.fail(`not reached: ${message}`, 'open the port, or take it out of clients')]
    }
  })
  return (await Promise.all(both)).flat()
}

function submissionVerdict(
  { authInClear, authOverTls, certificate, fault }: SubmissionServer,
  { pass, warn, fail }: Judge,
): Check {
  if (authInClear)
    return fail('it takes passwords before TLS', 'offer AUTH over TLS alone (Postfix: smtpd_tls_auth_only)')
  if (fault !== undefined) return fail(fault, 'turn TLS on there')
  if (certificate?.fault !== undefined)
    return fail(
      `mail programs refuse its certificate: ${certificate.fault}`,
      'let it show a certificate of a public CA for this name',
    )
  return authOverTls
    ? pass('AUTH, over TLS alone')
    : warn('it offers no AUTH over TLS', 'turn it on, or close the port')
}
