import { accountRoutes } from './account/routes.ts'
import { authKeyRoutes } from './auth-keys/routes.ts'
import { archiveRoutes } from './certificates/archive.ts'
import { chainRoutes } from './certificates/chain.ts'
import { downloadRoutes } from './certificates/downloads.ts'
import { certificateInfoRoutes } from './certificates/info.ts'
import { intermediateRoutes } from './certificates/intermediates.ts'
import { sendEmailRoutes } from './certificates/send-email.ts'
import { containerRoutes } from './containers/routes.ts'
import { domainRoutes } from './domains/routes.ts'
import { financeRoutes } from './finance/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { oddRoutes } from './odds/routes.ts'
import { cancelRoutes } from './orders/cancel.ts'
import { orderChangeRoutes } from './orders/changes.ts'
import { csrRoutes } from './orders/csr.ts'
import { orderControlRoutes } from './orders/dcv.ts'
import { duplicateRoutes } from './orders/duplicate.ts'
import { emailValidationRoutes } from './orders/email-validation.ts'
import { orderExtraRoutes } from './orders/extras.ts'
import { orderInfoRoutes } from './orders/info.ts'
import { orderListRoutes } from './orders/list.ts'
import { placingRoutes } from './orders/place.ts'
import { reissueRoutes } from './orders/reissue.ts'
import { revocationRoutes } from './orders/revoke.ts'
import { statusChangeRoutes } from './orders/status-changes.ts'
import { organizationRoutes } from './organizations/routes.ts'
import { productRoutes } from './products/routes.ts'
import { reportRoutes } from './reports/routes.ts'
import { requestRoutes } from './requests/routes.ts'
import type { Route } from './route.ts'
import { subaccountRoutes } from './subaccounts/routes.ts'
import { userRoutes } from './users/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'

/** Everything that is served, one line for each noun. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...authKeyRoutes,
  ...archiveRoutes,
  ...chainRoutes,
  ...downloadRoutes,
  ...certificateInfoRoutes,
  ...intermediateRoutes,
  ...sendEmailRoutes,
  ...containerRoutes,
  ...domainRoutes,
  ...financeRoutes,
  ...keyRoutes,
  ...oddRoutes,
  ...cancelRoutes,
  ...orderChangeRoutes,
  ...csrRoutes,
  ...orderControlRoutes,
  ...duplicateRoutes,
  ...emailValidationRoutes,
  ...orderExtraRoutes,
  ...orderInfoRoutes,
  ...orderListRoutes,
  ...placingRoutes,
  ...reissueRoutes,
  ...revocationRoutes,
  ...statusChangeRoutes,
  ...organizationRoutes,
  ...productRoutes,
  ...reportRoutes,
  ...requestRoutes,
  ...subaccountRoutes,
  ...userRoutes,
  ...webhookRoutes,
]
