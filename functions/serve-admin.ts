// /admin: the admin page's files, who is signed in, what browsers report.
import { adminPage } from '../lib/lambda/admin-page.ts'
import { oneFunction } from '../lib/lambda/one-function.ts'

export const handler = oneFunction('serve-admin', adminPage)
