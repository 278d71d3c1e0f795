export { fromIni, fromTemporaryCredentials } from '@aws-sdk/credential-providers'
