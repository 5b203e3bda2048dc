// /admin: the admin page's files, who is signed in, what browsers report.
import { getConfig, getPage, logIn, logOut, readAsset, reportPolicy, tellSession } from '../lib/lambda/admin-page.ts'
import { oneFunction } from '../lib/lambda/one-function.ts'

export const handler = oneFunction('serve-admin', [
  getPage,
  readAsset,
  getConfig,
  logIn,
  tellSession,
  logOut,
  reportPolicy,
])
