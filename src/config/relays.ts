/** Whose SPF is included for mail that goes out through a relay: the domain of its servers, and the name to include (2026-11). */
const RELAYS: readonly (readonly [servers: string, include: string])[] = [
  ['google.com', '_spf.google.com'],
  ['gmail.com', '_spf.google.com'],
  ['googlemail.com', '_spf.google.com'],
  ['outlook.com', 'spf.protection.outlook.com'],
  ['office365.com', 'spf.protection.outlook.com'],
  ['mx.microsoft', 'spf.protection.outlook.com'],
  ['amazonaws.com', 'amazonses.com'],
  ['amazonses.com', 'amazonses.com'],
  ['sendgrid.net', 'sendgrid.net'],
  ['sendgrid.com', 'sendgrid.net'],
  ['mailgun.org', 'mailgun.org'],
  ['mailgun.com', 'mailgun.org'],
  ['postmarkapp.com', 'spf.mtasv.net'],
  ['mtasv.net', 'spf.mtasv.net'],
  ['mailjet.com', 'spf.mailjet.com'],
  ['zoho.com', 'zohomail.com'],
  ['zohomail.com', 'zohomail.com'],
  ['fastmail.com', 'spf.messagingengine.com'],
  ['messagingengine.com', 'spf.messagingengine.com'],
  ['worksmobile.com', 'spf.worksmobile.com'],
]

/** The name to include for a server of a known relay, such as `smtp.gmail.com`. */
export function includeOf(host: string): string | undefined {
  return RELAYS.find(([servers]) => host === servers || host.endsWith(`.${servers}`))?.[1]
}
