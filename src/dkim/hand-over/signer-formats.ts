import { dockerMailserver } from './formats/docker-mailserver.js'
import { exim } from './formats/exim.js'
import { maddy } from './formats/maddy.js'
import { mailcow } from './formats/mailcow.js'
import { opendkim } from './formats/opendkim.js'
import { postfix } from './formats/postfix.js'
import { rspamd } from './formats/rspamd.js'
import { sendmail } from './formats/sendmail.js'
import { stalwart } from './formats/stalwart.js'
import type { SignerFormat } from './signer-format.js'
import type { SignerName } from './signers.js'

export const signerFormats: Readonly<Record<SignerName, SignerFormat>> = {
  opendkim,
  rspamd,
  postfix,
  sendmail,
  exim,
  stalwart,
  maddy,
  mailcow,
  'docker-mailserver': dockerMailserver,
}
