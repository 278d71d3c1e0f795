import type { OtherFile } from './config-text.js'
import type { HostView } from './host-view.js'

/** The name of the machine, which its mail server says in HELO: the one that its PTR and its SPF are of. */
export function namesOfHost({ name, addresses4, addresses6 }: HostView): OtherFile[] {
  const [short = name] = name.split('.')
  const addresses = [...addresses4, ...addresses6]
  return [
    {
      about: ['The name of the machine.'],
      file: '/etc/hostname',
      content: [name],
      next: `hostnamectl set-hostname ${name}`,
    },
    {
      about: ['And where it finds itself; behind NAT with its own address in place of these.'],
      file: '/etc/hosts',
      content:
        addresses.length === 0 ? [`127.0.1.1 ${name} ${short}`] : addresses.map((one) => `${one} ${name} ${short}`),
    },
  ]
}
