import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { testCa } from '../../servers/renewals.js'
import { freePort } from '../../servers/server-process.js'

/** A web server on the loopback that has an MTA-STS policy, with a certificate of a CA of its own. */
export interface PolicyServer {
  readonly port: number
  /** The certificate of its CA. */
  readonly pem: string
  /** What it answers with from now on. */
  answer: PolicyAnswer
  stop(): void
}

export interface PolicyAnswer {
  readonly status: number
  readonly type: string
  body: string
  readonly location?: string
  /** Whether more of it comes for ever, or it ends before it is whole. */
  readonly unfinished?: 'drips' | 'ends'
}

const DRIP_MS = 20

/** @param folder where its keys are kept @param name that its certificate is for */
export async function startPolicyServer(folder: string, name: string): Promise<PolicyServer> {
  const ca = await testCa(join(folder, 'ca'), name)
  await ca.renew(join(folder, 'live'))
  const [pem, key, cert] = await Promise.all(
    ['ca/ca.pem', 'live/privkey.pem', 'live/fullchain.pem'].map((file) => readFile(join(folder, file), 'utf8')),
  )
  const port = await freePort()
  const server = createServer({ ...(key && { key }), ...(cert && { cert }) }, (_, reply) => {
    const { status, type, body, location, unfinished } = policies.answer
    reply.writeHead(status, { 'content-type': type, ...(location !== undefined && { location }) })
    if (unfinished === undefined) return reply.end(body)
    reply.write(body)
    const drip = setInterval(() => (unfinished === 'drips' ? reply.write('x') : reply.destroy()), DRIP_MS)
    reply.on('close', () => clearInterval(drip))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const policies: PolicyServer = {
    port,
    pem: pem as string,
    answer: { status: 404, type: 'text/plain', body: '' },
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return policies
}
