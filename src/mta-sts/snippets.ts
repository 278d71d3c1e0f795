import type { ServedPolicy } from './served-policy.js'

/** Names that a certificate of Let's Encrypt may have (its documentation of rate limits, 2026-11). */
const NAMES_IN_CERTIFICATE = 100
/** Names that are written out in a command. */
const NAMES_SHOWN = 10

/** Of nginx, one server for all hosts: with a domain more it stays as it is. */
export function nginxSnippet(policies: readonly ServedPolicy[]): string {
  return `# MTA-STS policies (RFC 8461 §3.3), made by \`mailsync compile --out\`. Copy this folder to /var/www/mta-sts, and include this
# file in the http block; on Debian: cp nginx.conf /etc/nginx/sites-enabled/mta-sts
server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name ~^mta-sts\\.;
    root /var/www/mta-sts/$host;
${certificates(policies)}
    location = /.well-known/mta-sts.txt {
        types { }
        default_type text/plain;
    }
    location / {
        return 404;
    }
}
`
}

function certificates(policies: readonly ServedPolicy[]): string {
  if (policies.length > NAMES_IN_CERTIFICATE)
    return `
    # ${policies.length} names are too many for one certificate: each has its own, read by the workers when a sender comes (nginx 1.15.9 or
    # later). Let their group read the files.
    ssl_certificate     /etc/letsencrypt/live/$ssl_server_name/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/$ssl_server_name/privkey.pem;
`
  const names =
    policies.length > NAMES_SHOWN
      ? '-d …, one for each folder here'
      : policies.map(({ host }) => `-d ${host}`).join(' ')
  return `
    # One certificate for all names: certbot certonly --cert-name mta-sts ${names}
    ssl_certificate     /etc/letsencrypt/live/mta-sts/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/mta-sts/privkey.pem;
`
}

/** Of Caddy, which gets the certificates itself and has to know the names for it. */
export function caddySnippet(policies: readonly ServedPolicy[]): string {
  return `# MTA-STS policies (RFC 8461 §3.3), made by \`mailsync compile --out\`. Copy this folder to /var/www/mta-sts, and write into your
# Caddyfile: import /var/www/mta-sts/Caddyfile
${policies.map(({ host }) => host).join(',\n')} {
	root * /var/www/mta-sts/{host}
	@policy path /.well-known/mta-sts.txt
	handle @policy {
		header Content-Type text/plain
		file_server
	}
	handle {
		respond 404
	}
}
`
}

/** Of Cloudflare: a Worker with the policies in it, those that are equal once. */
export function workerSnippet(policies: readonly ServedPolicy[]): string {
  const texts = [...new Set(policies.map(({ text }) => text))]
  const place = new Map(texts.map((text, index) => [text, index]))
  const hosts = policies.map(({ host, text }) => `  [${JSON.stringify(host)}, ${place.get(text)}],\n`)
  return `// MTA-STS policies (RFC 8461 §3.3), made by \`mailsync compile --out\`. Deploy it as a Worker, and give it each of the hosts as a
// custom domain; leave mta_sts.host out of the spec then, as Cloudflare makes the record.
const policies = [
${texts.map((text) => `  ${JSON.stringify(text)},\n`).join('')}]
const hosts = new Map([
${hosts.join('')}])

export default {
  fetch(request) {
    const { hostname, pathname } = new URL(request.url)
    const policy = policies[hosts.get(hostname)]
    if (policy === undefined || pathname !== '/.well-known/mta-sts.txt') return new Response('not found\\n', { status: 404 })
    return new Response(policy, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
  },
}
`
}
