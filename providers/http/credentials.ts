import { isIP } from 'node:net'
import { MailsyncError } from '../../records/error.js'

/** Whether it can stand in an HTTP header; anything else would come back in the header's own error message. */
export function isToken(text: string): boolean {
  return /^[!-~]+$/.test(text)
}

/** Whether credentials sent there are encrypted, or stay on this machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url.hostname)
}

/** Throws where credentials would go to another machine in the clear. `from`: what says so, for the user to change. */
export function requireSecure(url: URL, from: string): void {
  if (isSecure(url)) return
  throw new MailsyncError(
    'authentication',
    `${from} is ${url.protocol}//${url.host}, which would carry credentials in the clear`,
    {
      hint: 'use https:; plain http: only goes to this machine itself',
    },
  )
}

function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
