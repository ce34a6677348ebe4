import type * as Account from './account-manager.ts'
import type * as Certificate from './certificates.ts'
import type * as Enrollment from './enrollments.ts'
import type * as Organization from './organization.ts'
import type { Page, PageQuery, SortedPageQuery } from './paging.ts'
import type * as Ca from './private-ca.ts'
import type * as Profile from './profiles.ts'
import type * as Seat from './seats.ts'

/**
 * What goes over the wire: by method and path, with parameters as `:name`, the query that is read, the body that is
 * read, and the body of success (undefined: none, or one that says nothing). `file` is the text that comes in its place
 * where `Accept` asks for it.
 */
export interface Endpoints extends AccountManagerEndpoints, TrustLifecycleEndpoints, PrivateCaEndpoints {}

export interface AccountManagerEndpoints {
  'GET /account/api/v1/account': { query: PageQuery; answer: Account.Account[] }
  'GET /account/api/v1/account/:id': { answer: Account.Account }
  'GET /account/api/v1/organization': { query: PageQuery; answer: Account.Organization[] }
  'GET /account/api/v1/organization/:id': { answer: Account.Organization }
  'GET /account/api/v1/user': { query: Account.UserQuery; answer: Account.User[] }
  'POST /account/api/v1/user': { body: Account.ServiceUserRequest; answer: Account.ServiceUserAnswer }
  'GET /account/api/v1/user/:id': { answer: Account.UserDetails }
  'PUT /account/api/v1/user/:id': { body: Account.ServiceUserUpdate; answer: undefined }
  'DELETE /account/api/v1/user/:id': { answer: undefined }
  'GET /account/api/v1/api-access-token': { query: Account.OfUserQuery; answer: Account.ApiToken[] }
  'POST /account/api/v1/api-access-token': { body: Account.ApiTokenRequest; answer: Account.ApiTokenAnswer }
  'GET /account/api/v1/api-access-token/:id': { answer: Account.ApiToken }
  'PUT /account/api/v1/api-access-token/:id': { body: Account.ApiTokenUpdate; answer: undefined }
  'DELETE /account/api/v1/api-access-token/:id': { answer: undefined }
  'GET /account/api/v1/client-auth-certificate': {
    query: Account.OfUserQuery
    answer: Account.ClientCertificate[]
  }
  'POST /account/api/v1/client-auth-certificate': {
    body: Account.ClientCertificateRequest
    answer: Account.ClientCertificateAnswer
  }
  'GET /account/api/v1/client-auth-certificate/:id': { answer: Account.ClientCertificate }
  'PUT /account/api/v1/client-auth-certificate/:id/enable': { body: { enabled?: boolean }; answer: undefined }
  'DELETE /account/api/v1/client-auth-certificate/:id': { answer: undefined }
  'GET /account/api/v1/role': { query: Account.RoleQuery; answer: Account.Role[] }
  'GET /account/api/v1/locale': { answer: Account.Locale[] }
  'GET /account/api/v1/limit': { answer: Account.LimitState[] }
  'GET /account/api/v1/audit-log': { query: Organization.AuditQuery; answer: Page<Organization.AuditEntry> }
  'GET /account/api/v1/audit-log/count': { query: Organization.AuditFilter; answer: { count: number } }
  'GET /account/api/v1/audit-log/:id': { answer: Organization.AuditEntry }
}

export interface TrustLifecycleEndpoints {
  'GET /mpki/api/v1/hello': { answer: string }
  'GET /mpki/api/v1/health/extensive': { answer: string }
  'POST /mpki/api/v1/certificate': { body: Certificate.IssueRequest; answer: Certificate.IssueAnswer }
  'POST /mpki/api/v1/certificate-pickup/:request_id': {
    body: Certificate.PickupRequest
    answer: Certificate.PickupAnswer
  }
  'GET /mpki/api/v1/certificate/:serial': {
    query: Certificate.SerialQuery
    answer: Certificate.CertificateDetails
  }
  'GET /mpki/api/v1/certificate-search/:id': { answer: Certificate.CertificateDetails }
  'POST /mpki/api/v1/certificate/:serial/renew': {
    body: Certificate.RenewRequest
    answer: Certificate.DeliveredCertificate
  }
  'PUT /mpki/api/v1/certificate/:serial/revoke': { body: Certificate.RevokeRequest; answer: undefined }
  'DELETE /mpki/api/v1/certificate/:serial/revoke': { query: Certificate.SerialQuery; answer: undefined }
  'GET /mpki/api/v1/certificate-search': {
    query: Certificate.CertificateSearchQuery
    answer: Page<Certificate.CertificateListing>
  }
  'GET /mpki/api/v1/certificate-search/summary': {
    query: Certificate.CertificateSummaryQuery
    answer: Page<Certificate.CertificateSummary>
  }
  'GET /mpki/api/v1/certificate/:serial/additional-formats': {
    query: Certificate.SerialQuery
    answer: Certificate.AdditionalFormats
  }
  'POST /mpki/api/v1/certificate-import': {
    body: readonly Certificate.CertificateImport[]
    answer: Certificate.CertificateImportResult[]
  }
  'POST /mpki/api/v1/certificate/:serial/tag': { body: Certificate.TagRequest; answer: undefined }
  'POST /mpki/api/v1/certificate/tag/bulk-add': { body: Certificate.BulkTagRequest; answer: undefined }
  'POST /mpki/api/v1/certificate/tag/bulk-replace': { body: Certificate.BulkTagRequest; answer: undefined }
  'POST /mpki/api/v1/certificate/escrow/approve/:serial': {
    query: Certificate.SerialQuery
    answer: undefined
  }
  'GET /mpki/api/v1/certificate/escrow/recover/:serial': {
    query: Certificate.RecoveryQuery
    answer: Certificate.RecoveredKey
  }
  'GET /mpki/api/v1/certificate-owners': {
    query: Organization.CertificateOwnerQuery
    answer: Page<Organization.CertificateOwner>
  }
  'POST /mpki/api/v1/certificate-owners': {
    body: Organization.CertificateOwnerRequest
    answer: Organization.CertificateOwner
  }
  'GET /mpki/api/v1/certificate-owners/:id': { answer: Organization.CertificateOwner }
  'PUT /mpki/api/v1/certificate-owners/:id': { body: Organization.CertificateOwnerUpdate; answer: undefined }
  'DELETE /mpki/api/v1/certificate-owners/:id': { answer: undefined }
  'POST /mpki/api/v1/certificate-owners/assign': { body: Organization.OwnerAssignment; answer: undefined }
  'GET /mpki/api/v2/profile': { query: Profile.ProfileQuery; answer: Profile.ProfileSummary[] }
  'GET /mpki/api/v2/profile/:id': { answer: Profile.Profile }
  'POST /mpki/api/v1/profile': { body: Profile.ProfileRequest; answer: Profile.Profile }
  'PUT /mpki/api/v1/profile/:id': { body: Profile.ProfileChanges; answer: undefined }
  'GET /mpki/api/v1/business-unit': { query: SortedPageQuery; answer: Page<Organization.BusinessUnit> }
  'POST /mpki/api/v1/business-unit': {
    body: Organization.BusinessUnitRequest
    answer: Organization.BusinessUnit
  }
  'GET /mpki/api/v1/business-unit/:id': { answer: Organization.BusinessUnitDetails }
  'DELETE /mpki/api/v1/business-unit/:id': { answer: undefined }
  'GET /mpki/api/v1/business-unit/:id/licensed-seats': { answer: Organization.SeatStatistics[] }
  'GET /mpki/api/v1/business-unit/:id/admin': { answer: Account.Administrator[] }
  'GET /mpki/api/v1/seat-types': { answer: Seat.SeatType[] }
  'GET /mpki/api/v1/seat': { query: Seat.SeatQuery; answer: Page<Seat.SeatSummary> }
  'POST /mpki/api/v1/seat': { body: Seat.SeatRequest; answer: Seat.Seat }
  'GET /mpki/api/v1/seat/:seat_id': { query: Seat.SeatKey; answer: Seat.Seat }
  'PUT /mpki/api/v1/seat/:seat_id': { body: Seat.SeatUpdate; answer: undefined }
  'DELETE /mpki/api/v1/seat/:seat_id': { query: Seat.SeatDeletion; answer: undefined }
  'POST /mpki/api/v1/enrollment': { body: Enrollment.EnrollmentRequest; answer: Enrollment.Enrollment }
  'POST /mpki/api/v1/enrollment/redeem': {
    body: Enrollment.RedeemRequest
    answer: Certificate.DeliveredCertificate
  }
  'GET /mpki/api/v1/enrollment/:code': { query: Enrollment.EnrollmentKey; answer: Enrollment.Enrollment }
  'GET /mpki/api/v1/enrollment-details': {
    query: Enrollment.EnrollmentQuery
    answer: Page<Enrollment.Enrollment>
  }
  'GET /mpki/api/v1/enrollment-details/:id': { answer: Enrollment.Enrollment }
  'GET /mpki/api/v1/enrollment/certificate/:certificate_id': { answer: Enrollment.Enrollment }
  'GET /mpki/api/v1/report/enrollment-code': {
    query: Enrollment.EnrollmentCodeQuery
    answer: Page<Enrollment.Enrollment>
  }
  'PUT /mpki/api/v1/enrollment/:code/status': { body: Enrollment.EnrollmentStatusChange; answer: undefined }
  'POST /mpki/api/v1/manual-enrollment': {
    body: Certificate.IssueContents
    answer: Enrollment.Enrollment
  }
  'POST /mpki/api/v1/manual-enrollment/renew/:id': {
    body: Enrollment.ManualRenewal
    answer: Enrollment.Enrollment
  }
  'GET /mpki/api/v1/audit-log': { query: Organization.AuditQuery; answer: Page<Organization.AuditEntry> }
  'GET /mpki/api/v1/audit-log/count': { query: Organization.AuditFilter; answer: { count: number } }
  'GET /mpki/api/v1/audit-log/:id': { answer: Organization.AuditEntry }
}

export interface PrivateCaEndpoints {
  'GET /certificate-authority/api/v1/health': { answer: { status: string } }
  'POST /certificate-authority/api/v1/certificate': {
    body: Ca.PrivateCaIssueRequest
    answer: Ca.PrivateCaIssueAnswer
  }
  'GET /certificate-authority/api/v1/certificate': {
    query: Ca.PrivateCaListQuery
    answer: Page<Ca.PrivateCaCertificateSummary>
  }
  'GET /certificate-authority/api/v1/certificate/:id': { answer: Ca.PrivateCaCertificate; file: string }
  'PUT /certificate-authority/api/v1/certificate/:id/revocation': {
    body: Ca.PrivateCaRevocation
    answer: undefined
  }
  'GET /certificate-authority/api/v1/ca': { query: PageQuery; answer: Page<Ca.CertificateAuthority> }
  'POST /certificate-authority/api/v1/ca': {
    body: Ca.CertificateAuthorityRequest
    answer: Ca.CertificateAuthority
  }
  'GET /certificate-authority/api/v1/ca/:id': { answer: Ca.CertificateAuthority }
  'GET /certificate-authority/api/v1/ca/:id/download': { answer: string }
  'POST /certificate-authority/api/v1/ca/:id/recertify': {
    body: Ca.RecertifyRequest
    answer: Ca.CertificateAuthority
  }
  'GET /certificate-authority/api/v1/key-pair': { query: PageQuery; answer: Page<Ca.KeyPair> }
  'GET /certificate-authority/api/v1/key-pair/:id': { answer: Ca.KeyPair }
  'GET /certificate-authority/api/v1/template': { query: PageQuery; answer: Page<Ca.Template> }
  'GET /certificate-authority/api/v1/template/:id': { answer: Ca.Template }
  'GET /certificate-authority/api/v1/crl': { query: PageQuery; answer: Page<Ca.CrlConfiguration> }
  'POST /certificate-authority/api/v1/crl': { body: Ca.CrlRequest; answer: Ca.CrlConfiguration }
  'GET /certificate-authority/api/v1/crl/:id': { answer: Ca.CrlConfiguration }
  'POST /certificate-authority/api/v1/crl/:id/publish': { answer: undefined }
  'GET /certificate-authority/api/v1/ocsp-responder': {
    query: PageQuery
    answer: Page<Ca.OcspResponderConfiguration>
  }
  'POST /certificate-authority/api/v1/ocsp-responder': {
    body: Ca.OcspResponderRequest
    answer: Ca.OcspResponderConfiguration
  }
  'GET /certificate-authority/api/v1/ocsp-responder/:id': { answer: Ca.OcspResponderConfiguration }
}
