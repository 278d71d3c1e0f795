import { lines, MADE_BY, type SignerFormat } from '../signer-format.js'
import { opendkim } from './opendkim.js'

/** Sendmail signs nothing itself: this is OpenDKIM, and how Sendmail asks it (libmilter, cf/README). */
export const sendmail: SignerFormat = {
  ...opendkim,
  title: 'Sendmail with OpenDKIM',
  files: (view) => [...opendkim.files(view), { path: 'for-sendmail.mc', text: MILTER }],
  once: (place) =>
    `${opendkim.once(place)}, and those of ${place}/for-sendmail.mc into /etc/mail/sendmail.mc above MAILER; then run make in /etc/mail`,
}

const MILTER = lines(
  `dnl ${MADE_BY}`,
  'dnl For /etc/mail/sendmail.mc. Sendmail signs nothing itself: OpenDKIM does, with Socket inet:8891@localhost in opendkim.conf.',
  'dnl rspamd, which signs with Ed25519 too, listens at inet:11332@localhost instead.',
  'dnl No F=T or F=R: a signer that is down holds no mail up, and it goes out unsigned.',
  "INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@localhost')dnl",
)
