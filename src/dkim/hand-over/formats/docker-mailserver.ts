import { chosenKeys } from '../chosen-keys.js'
import { lines, type SignerFormat } from '../signer-format.js'
import { openDkimTables } from './opendkim.js'
import { rspamdFiles } from './rspamd.js'

/**
 * The folder that docker-mailserver mounts as /tmp/docker-mailserver. It signs with OpenDKIM, whose files it copies to
 * /etc/opendkim, or with rspamd (`ENABLE_RSPAMD=1`), which reads its own in place: both are there, and it looks at one.
 */
export const dockerMailserver: SignerFormat = {
  title: 'docker-mailserver',
  place: '/tmp/docker-mailserver',
  isMounted: true,
  keyPaths: (id) => [`opendkim/keys/${id}.private`, keyPath(id)],
  files: (view) => {
    const { chosen } = chosenKeys({ ...view, over: [] }, { isRsaOnly: true })
    return [
      ...openDkimTables({ ...chosen, place: '/etc/opendkim' }).map((file) => ({
        ...file,
        path: `opendkim/${file.path}`,
      })),
      { path: 'opendkim/TrustedHosts', text: lines('127.0.0.1', 'localhost') },
      ...rspamdFiles(view, keyPath, 'rspamd/override.d/dkim_signing.conf'),
    ]
  },
  once: () => 'nothing: name docker-data/dms/config, as compose.yaml mounts it, with --out',
  reload:
    'docker exec mailserver chown -R _rspamd:_rspamd /tmp/docker-mailserver/rspamd/dkim && docker restart mailserver',
}

function keyPath(id: string): string {
  return `rspamd/dkim/${id}.key`
}
