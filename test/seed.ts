import fc from 'fast-check'

/** Property tests draw the same cases in every run, so that a run says something about the change and not about luck. MAILSYNC_SEED draws others. */
fc.configureGlobal({ seed: Number(process.env.MAILSYNC_SEED ?? 20261122) })
