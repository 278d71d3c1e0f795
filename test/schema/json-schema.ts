import * as z from 'zod'
import { anySpecSchema } from '../../src/config/schema.js'
import { planSchema } from '../../src/plan/plan-schema.js'

/** The JSON Schema of the spec, for editors: mailsync.schema.json. */
export function specJsonSchema(): unknown {
  return describe(anySpecSchema(), 'mailsync spec', 'The machines that move mail, and the domains they serve.')
}

/** The JSON Schema of a plan: plan.schema.json. */
export function planJsonSchema(): unknown {
  return describe(
    planSchema,
    'mailsync plan',
    'What `mailsync plan --format json` prints and `mailsync apply FILE` carries out.',
  )
}

function describe(schema: z.ZodType, title: string, description: string): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return { $schema, title, description, ...rest }
}
