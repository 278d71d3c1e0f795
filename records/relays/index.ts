import { daum } from './mailboxes/daum.js'
import { fastmail } from './mailboxes/fastmail.js'
import { gmailAccount } from './mailboxes/gmail-account.js'
import { google } from './mailboxes/google.js'
import { icloud } from './mailboxes/icloud.js'
import { microsoft } from './mailboxes/microsoft.js'
import { migadu } from './mailboxes/migadu.js'
import { naverWorks } from './mailboxes/naver-works.js'
import { proton } from './mailboxes/proton.js'
import { zoho } from './mailboxes/zoho.js'
import type { Relay } from './relay.js'
import { amazonSes } from './sending/amazon-ses.js'
import { brevo } from './sending/brevo.js'
import { mailchimp } from './sending/mailchimp.js'
import { mailgun } from './sending/mailgun.js'
import { mailjet } from './sending/mailjet.js'
import { mandrill } from './sending/mandrill.js'
import { postmark } from './sending/postmark.js'
import { resend } from './sending/resend.js'
import { sendgrid } from './sending/sendgrid.js'
import { sparkpost } from './sending/sparkpost.js'

/** Every relay that is known: mailboxes first, then those that only send. */
export const relays: readonly Relay[] = [
  google,
  microsoft,
  zoho,
  fastmail,
  proton,
  migadu,
  icloud,
  naverWorks,
  daum,
  gmailAccount,
  amazonSes,
  sendgrid,
  mailgun,
  postmark,
  mailjet,
  brevo,
  resend,
  sparkpost,
  mandrill,
  mailchimp,
]

export const relayNames: readonly string[] = relays.map(({ name }) => name)

export function relayNamed(name: string): Relay | undefined {
  return relays.find((relay) => relay.name === name)
}
