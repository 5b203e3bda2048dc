// Who signs the tokens of an emulated shop: a key of this folder, whose public half lies in a bucket of the emulator
// where its API Gateway looks for it, as it would at any OpenID Connect issuer.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, SignJWT } from 'jose'
import type { Role } from '../lib/lambda/roles.ts'
import { audience, endpoint, folder, region, stackName } from './settings.ts'

const keyPath = `${folder}/issuer.pem`
const keyId = 'local'
const algorithm = 'RS256'
export const issuerBucket = `${stackName}-issuer`

export const issuer = `${endpoint}/${issuerBucket}`

async function privateKey(): Promise<CryptoKey> {
  if (!existsSync(keyPath)) {
    mkdirSync(folder, { recursive: true })
    const pair = await generateKeyPair(algorithm, { extractable: true })
    writeFileSync(keyPath, await exportPKCS8(pair.privateKey), { mode: 0o600 })
    chmodSync(keyPath, 0o600)
  }
  return await importPKCS8(readFileSync(keyPath, 'utf8'), algorithm, { extractable: true })
}

/** Puts the issuer's two documents where `issuer` says. */
export async function publishIssuer(s3: S3Client): Promise<void> {
  await s3
    .send(
      new CreateBucketCommand({
        Bucket: issuerBucket,
        CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof Error) || !error.name.startsWith('BucketAlready')) throw error
    })
  // The gateway asks without credentials, as it asks any issuer.
  const Resource = `arn:aws:s3:::${issuerBucket}/*`
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: issuerBucket }))
  await s3.send(new PutBucketPolicyCommand({ Bucket: issuerBucket, Policy }))
  const { kty, n, e } = await exportJWK(await privateKey())
  const documents = {
    '.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/jwks.json` },
    'jwks.json': { keys: [{ kty, n, e, kid: keyId, alg: algorithm, use: 'sig' }] },
  }
  for (const [Key, document] of Object.entries(documents)) {
    const Body = JSON.stringify(document)
    await s3.send(new PutObjectCommand({ Bucket: issuerBucket, Key, Body, ContentType: 'application/json' }))
  }
}

/** A bearer token for an hour. */
export async function tokenFor(...roles: Role[]): Promise<string> {
  return await new SignJWT({ 'cognito:groups': roles })
    .setProtectedHeader({ alg: algorithm, kid: keyId })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(`local-${roles.join('-')}`)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await privateKey())
}
