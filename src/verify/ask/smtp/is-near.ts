import { isPublic, parseAddress } from '../../../../records/rr/address.js'
import type { SmtpWorld } from './mail-server.js'

/** Whether both ends are of one network, as far as addresses tell: the same machine, or a private address. */
export const isNear: SmtpWorld['isNear'] = ({ localAddress, remoteAddress }) => {
  const remote = parseAddress(remoteAddress)
  return localAddress === remoteAddress || typeof remote !== 'string' || !isPublic(remote)
}
