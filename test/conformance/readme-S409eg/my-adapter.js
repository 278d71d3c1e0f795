import { cancelled, MailsyncError, surpriseIn, zoneWith } from "file:///tmp/w/manual/src/index.ts"

export default {
  type: 'my-dns',
  description: 'DNS of my own',
  optionDocs: [{ name: 'url', required: true, description: 'where its API is' }],
  traits: {
    types: ['A', 'AAAA', 'MX', 'PTR', 'TXT', 'CNAME', 'NS'],
    write: 'per-rrset',
    compareAndSwap: false,
    ttl: { min: 60, max: 86400 },
  },
  options(input) {
    if (typeof input.url === 'string') return input
    throw Object.assign(new Error('invalid options'), { issues: [{ path: ['url'], message: 'expected text' }] })
  },
  async connect({ url }) {
    const call = async (path, init) => {
      const reply = await fetch(url + path, init).catch((cause) => {
        throw new MailsyncError('unavailable', 'my-dns does not answer', { cause })
      })
      if (reply.status === 404) throw new MailsyncError('zone-not-found', 'my-dns does not serve the zone')
      if (!reply.ok) throw new MailsyncError('unavailable', `my-dns answered ${reply.status}`)
      return reply.json().catch((cause) => {
        throw new MailsyncError('unavailable', 'what answered is not my-dns', { cause })
      })
    }
    const read = (zone) => call(`/${encodeURIComponent(zone)}`) // AnyRRset[], canonical
    return {
      zones: () => call('/'),
      read,
      async write(zone, changes, signal) {
        const applied = []
        for (const change of changes) {
          if (signal.aborted) return { applied, failure: cancelled() }
          let isSent = false
          try {
            const surprise = surpriseIn([change], zoneWith(zone, await read(zone)))
            if (surprise) return { applied, failure: surprise }
            isSent = true
            await call(`/${encodeURIComponent(zone)}`, { method: 'PUT', body: JSON.stringify(change) })
          } catch (failure) {
            if (!(failure instanceof MailsyncError)) throw failure
            return { applied, failure, ...(isSent && { uncertain: [change] }) }
          }
          applied.push(change)
        }
        return { applied }
      },
    }
  },
}
