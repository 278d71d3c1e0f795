import type { MailsyncError } from '../../records/error.js'
import { type AwsService, explainAws } from '../aws/errors.js'
import { throttled, unusable } from '../aws/explanations.js'

/** Amazon EC2, with the codes of its own error page, as read 2026-11. */
export const EC2: AwsService = {
  name: 'EC2',
  endpointVariable: 'AWS_ENDPOINT_URL_EC2',
  explanations: {
    ...unusable('EC2'),
    ...throttled({
      message: 'EC2 still refuses for too many requests',
      hint: 'an account has a budget of requests in each region, for all its tools together; run again in a minute',
    }),
    'InvalidAllocationID.NotFound': {
      code: 'stale',
      message: 'the Elastic IP is gone',
      hint: 'it was released since it was read; plan again',
      quoted: true,
    },
  },
}

/** What the SDK threw in the user's words, as `explainAws` does. */
export function explain(error: unknown, action: string): MailsyncError {
  return explainAws(error, action, EC2)
}

/** Whether a refusal says that the name does not lead to the address. EC2 names no code for it alone (read 2026-11). */
export function isForwardMissing(message: string): boolean {
  return /\bforward\b|\bresolv|\bA record\b|\bDNS (?:record|lookup)\b/i.test(message)
}
