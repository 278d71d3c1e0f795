import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { median } from './measure.js'

/** Median seconds from starting `node …args` to the first request it makes to Cloudflare's API, whose place a server here takes. */
export async function secondsToFirstRequest(args: readonly string[], runs = 15): Promise<number> {
  let arrived = (): void => {}
  const server = createServer((_request, response) => {
    arrived()
    response.writeHead(401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ success: false, errors: [{ code: 10000, message: 'Authentication error' }] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const env = {
    ...process.env,
    CLOUDFLARE_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    CLOUDFLARE_API_TOKEN: 'x'.repeat(40),
  }
  const times: number[] = []
  for (let run = 0; run <= runs; run++) {
    const first = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const begin = process.hrtime.bigint()
    const child = spawn(process.execPath, args, { stdio: 'ignore', env })
    await Promise.race([first, once(child, 'exit').then(() => Promise.reject(new Error('no request was made')))])
    if (run > 0) times.push(Number(process.hrtime.bigint() - begin) / 1e9)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  server.close()
  return median(times)
}
