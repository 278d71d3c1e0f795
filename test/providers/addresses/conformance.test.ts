import { certifyAccount } from './certify-account.js'
import { OWNERS } from './each-owner.js'

for (const owner of OWNERS) certifyAccount(owner)
