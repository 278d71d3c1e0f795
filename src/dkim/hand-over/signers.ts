/** Who signs, as `dkim export --format` names them. */
export const SIGNERS = [
  'opendkim',
  'rspamd',
  'postfix',
  'sendmail',
  'exim',
  'stalwart',
  'maddy',
  'mailcow',
  'docker-mailserver',
] as const

export type SignerName = (typeof SIGNERS)[number]
