import { programPath } from '../dns-server.js'
import { run } from '../server-process.js'

/** Each signature of each message, verified with the key that a DNS server has; a key that is not there is a failure. */
const SCRIPT = `
import json, sys
import dkim, dns.resolver
told = json.load(sys.stdin)
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port, resolver.lifetime = [told["host"]], told["port"], 20
def txt(name, timeout=5):
    try:
        answer = resolver.resolve(name.decode() if isinstance(name, bytes) else name, "TXT", raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return None
    return b"".join(answer[0].strings) if answer.rrset else None
def verify(mail):
    mail = mail.encode()
    signatures = sum(1 for name, _ in dkim.rfc822_parse(mail)[0] if name.lower() == b"dkim-signature")
    found = []
    for index in range(signatures):
        try:
            found.append(bool(dkim.DKIM(mail).verify(idx=index, dnsfunc=txt)))
        except dkim.DKIMException as error:
            found.append(str(error))
    return found
json.dump([verify(mail) for mail in told["mails"]], sys.stdout)
`

/** What dkimpy makes of some messages: of each, its signatures from the top; true, false, or why it cannot be told. */
export async function verifiedByDkimpy(
  mails: readonly string[],
  { host, port }: { readonly host: string; readonly port: number },
): Promise<(boolean | string)[][]> {
  // Debian's own Python has Debian's packages; another one may come first in PATH.
  const python = '/usr/bin/python3'
  return JSON.parse(await run(programPath(python) ?? python, ['-c', SCRIPT], JSON.stringify({ host, port, mails })))
}
