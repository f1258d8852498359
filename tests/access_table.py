"""Who may call what: one verdict for every root field and every field of `viewer` (2.2-10, A25)."""

from enum import StrEnum


class Verdict(StrEnum):
    """The lowest caller that is let in: anybody, a person with steps left or with none, an organiser's service."""

    ANYBODY = "ANYBODY"
    LIMITED = "LIMITED"
    FULL = "FULL"
    PROVIDER = "PROVIDER"


TABLE: dict[str, dict[str, Verdict]] = {
    "Query": {
        "verifyCertificate": Verdict.ANYBODY,
        "restrictions": Verdict.PROVIDER,
        "catalog": Verdict.LIMITED,
        "activity": Verdict.LIMITED,
        "viewer": Verdict.LIMITED,
        "node": Verdict.LIMITED,
        "passwordPolicy": Verdict.ANYBODY,
        "terms": Verdict.ANYBODY,
    },
    "Mutation": {
        "downloadCertificate": Verdict.FULL,
        "liftRestriction": Verdict.PROVIDER,
        "setRestriction": Verdict.PROVIDER,
        "removeEducationElement": Verdict.FULL,
        "addEducationElements": Verdict.FULL,
        "login": Verdict.ANYBODY,
        "completeSecondFactor": Verdict.ANYBODY,
        "revertContactChange": Verdict.ANYBODY,
        "submitPersonalData": Verdict.LIMITED,
        "markNotificationRead": Verdict.LIMITED,
        "markAllNotificationsRead": Verdict.LIMITED,
        "updateSettings": Verdict.LIMITED,
        "giveConsent": Verdict.LIMITED,
        "withdrawConsent": Verdict.LIMITED,
        "requestDataExport": Verdict.LIMITED,
        "takeDataExport": Verdict.LIMITED,
        "requestAccountClosure": Verdict.LIMITED,
        "cancelAccountClosure": Verdict.LIMITED,
        "logout": Verdict.LIMITED,
        "closeSession": Verdict.LIMITED,
        "reauthenticate": Verdict.LIMITED,
        "setUpTotp": Verdict.LIMITED,
        "confirmTotp": Verdict.LIMITED,
        "renewRecoveryCodes": Verdict.LIMITED,
        "disableTotp": Verdict.LIMITED,
        "identify": Verdict.LIMITED,
        "acceptTerms": Verdict.LIMITED,
        "changePassword": Verdict.LIMITED,
        "changeEmail": Verdict.LIMITED,
        "changePhone": Verdict.LIMITED,
        "confirmContactChange": Verdict.LIMITED,
        "enroll": Verdict.FULL,
        "cancelEnrollment": Verdict.FULL,
        "requestDocumentUpload": Verdict.FULL,
        "saveDocument": Verdict.FULL,
        "recordResults": Verdict.PROVIDER,
    },
    "Subscription": {
        "education": Verdict.FULL,
        "account": Verdict.LIMITED,
        "notifications": Verdict.LIMITED,
        "progress": Verdict.FULL,
        "documents": Verdict.FULL,
        "liveProbe": Verdict.ANYBODY,
    },
    "Viewer": {
        "removalPreview": Verdict.FULL,
        "education": Verdict.FULL,
        "account": Verdict.LIMITED,
        "name": Verdict.LIMITED,
        "nextSteps": Verdict.LIMITED,
        "permissions": Verdict.LIMITED,
        "profile": Verdict.LIMITED,
        "activities": Verdict.LIMITED,
        "auditLog": Verdict.LIMITED,
        "auditChainValid": Verdict.LIMITED,
        "notifications": Verdict.LIMITED,
        "unreadNotifications": Verdict.LIMITED,
        "settings": Verdict.LIMITED,
        "consents": Verdict.LIMITED,
        "dataExports": Verdict.LIMITED,
        "closure": Verdict.LIMITED,
        "accessLog": Verdict.LIMITED,
        "sessions": Verdict.LIMITED,
        "mfa": Verdict.LIMITED,
        "portfolio": Verdict.FULL,
        "progress": Verdict.FULL,
    },
}
