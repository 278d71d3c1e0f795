import { lines, MADE_BY, type SignerFormat } from '../signer-format.js'
import { opendkim } from './opendkim.js'

/** Postfix signs nothing itself: this is OpenDKIM, and how Postfix asks it (MILTER_README). */
export const postfix: SignerFormat = {
  ...opendkim,
  title: 'Postfix with OpenDKIM',
  files: (view) => [...opendkim.files(view), { path: 'for-main.cf', text: MILTERS }],
  once: (place) => `${opendkim.once(place)}, and those of ${place}/for-main.cf into /etc/postfix/main.cf`,
}

const MILTERS = lines(
  `# ${MADE_BY}`,
  '# For /etc/postfix/main.cf. Postfix signs nothing itself: OpenDKIM does, with `Socket inet:8891@localhost` in opendkim.conf.',
  '# rspamd, which signs with Ed25519 too (mailsync dkim export --format rspamd), is asked at inet:localhost:11332 instead.',
  'smtpd_milters = inet:localhost:8891',
  '# What this machine itself sends is signed too.',
  'non_smtpd_milters = $smtpd_milters',
  '# A signer that is down holds no mail up; it goes out unsigned.',
  'milter_default_action = accept',
)
