/** Services that send, or take in, mail for others: their name, the SPF to include, and the domains of their servers (2026-11). */
const RELAYS: readonly (readonly [name: string, include: string, servers: readonly string[]])[] = [
  ['google', '_spf.google.com', ['google.com', 'gmail.com', 'googlemail.com']],
  ['microsoft', 'spf.protection.outlook.com', ['outlook.com', 'office365.com', 'mx.microsoft']],
  ['amazon-ses', 'amazonses.com', ['amazonaws.com', 'amazonses.com']],
  ['sendgrid', 'sendgrid.net', ['sendgrid.net', 'sendgrid.com']],
  ['mailgun', 'mailgun.org', ['mailgun.org', 'mailgun.com']],
  ['postmark', 'spf.mtasv.net', ['postmarkapp.com', 'mtasv.net']],
  ['mailjet', 'spf.mailjet.com', ['mailjet.com']],
  ['zoho', 'zohomail.com', ['zoho.com', 'zohomail.com']],
  ['fastmail', 'spf.messagingengine.com', ['fastmail.com', 'messagingengine.com']],
  ['naver-works', 'spf.worksmobile.com', ['worksmobile.com']],
]

/** Their names, as a person may call them. */
export const relayNames: readonly string[] = RELAYS.map(([name]) => name)

/** The SPF to include for a relay by its name. */
export function includeOfRelay(name: string): string | undefined {
  return RELAYS.find(([known]) => known === name)?.[1]
}

/** The name to include for a server of a known relay, such as `smtp.gmail.com`. */
export function includeOf(host: string): string | undefined {
  return RELAYS.find(([, , servers]) => servers.some((server) => host === server || host.endsWith(`.${server}`)))?.[1]
}
