import { Resolver } from 'node:dns/promises'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import type { DnsServer } from '../dns-server.js'

/** A message from a domain, signed with a private key (PEM) by somebody else's code. */
export async function signedMail(domain: string, selector: string, privateKey: string): Promise<string> {
  const mail = `From: me@${domain}\r\nTo: you@example.net\r\nSubject: hello\r\nDate: Fri, 27 Nov 2026 06:00:00 +0000\r\nMessage-ID: <1@${domain}>\r\n\r\nHello\r\n`
  const signatureData = [{ signingDomain: domain, selector, privateKey }]
  const { signatures, errors } = await dkimSign(mail, { signTime: new Date('2026-11-27T06:00:00Z'), signatureData })
  if (errors.length > 0) throw errors[0]?.err
  return signatures + mail
}

/** What a receiver makes of it (`pass`, or why not) that asks this server for the key. */
export async function verified(mail: string, { host, port }: Pick<DnsServer, 'host' | 'port'>): Promise<string> {
  const resolver = new Resolver()
  resolver.setServers([`${host}:${port}`])
  const { results } = await dkimVerify(mail, {
    resolver: (name, type) => resolver.resolve(name, type as 'TXT') as Promise<unknown[]>,
  })
  return results
    .map(({ status }) => (status.result === 'pass' ? 'pass' : `${status.result}: ${status.comment}`))
    .join('; ')
}
