/** Where a relay takes mail for others to have, with a user's name and password, over TLS. */
export interface RelayServer {
  readonly host: string
  /** 587: TLS by STARTTLS; 465: from the first octet. */
  readonly port: 587 | 465
  /** What stands for the user's name where it is always the same. */
  readonly user?: string
  /** What else to know. */
  readonly note?: string
}

/** By the name of the relay in the catalogue, as its own pages had them in November 2026. One that takes mail over its API alone is not here. */
export const RELAY_SERVERS: Readonly<Record<string, RelayServer>> = {
  google: { host: 'smtp-relay.gmail.com', port: 587, note: 'turn on the SMTP relay service in the admin console' },
  'gmail-account': { host: 'smtp.gmail.com', port: 587, note: 'the password is an app password' },
  microsoft: { host: 'smtp.office365.com', port: 587, note: 'the mailbox has to allow authenticated SMTP' },
  zoho: { host: 'smtp.zoho.com', port: 587 },
  fastmail: { host: 'smtp.fastmail.com', port: 587, note: 'the password is an app password' },
  proton: { host: 'smtp.protonmail.ch', port: 587, note: 'the password is an SMTP token' },
  migadu: { host: 'smtp.migadu.com', port: 587 },
  icloud: { host: 'smtp.mail.me.com', port: 587, note: 'the password is an app password' },
  'naver-works': { host: 'smtp.worksmobile.com', port: 587 },
  daum: { host: 'smtp.daum.net', port: 465 },
  'amazon-ses': { host: 'email-smtp.REGION.amazonaws.com', port: 587, note: 'write the region of AWS for REGION' },
  sendgrid: { host: 'smtp.sendgrid.net', port: 587, user: 'apikey' },
  mailgun: { host: 'smtp.mailgun.org', port: 587, note: 'smtp.eu.mailgun.org in the EU region' },
  postmark: { host: 'smtp.postmarkapp.com', port: 587, note: 'name and password both are the server token' },
  mailjet: { host: 'in-v3.mailjet.com', port: 587 },
  brevo: { host: 'smtp-relay.brevo.com', port: 587 },
  resend: { host: 'smtp.resend.com', port: 587, user: 'resend' },
  sparkpost: { host: 'smtp.sparkpostmail.com', port: 587, user: 'SMTP_Injection' },
  mandrill: { host: 'smtp.mandrillapp.com', port: 587 },
}
