"""Words of ESIA: what we ask it for; its refusals, the OAuth error each travels under, which may pass by themselves."""

SCOPES = (
    *("openid", "fullname", "birthdate", "birthplace", "snils", "inn"),
    *("id_doc", "email", "mobile", "contacts", "addresses"),
)
PASSING = frozenset({"ESIA-007007", "ESIA-007008"})
REQUEST, CLIENT, SCOPE, GRANT = "invalid_request", "invalid_client", "invalid_scope", "invalid_grant"
DENIED, UNAUTHORIZED = "access_denied", "unauthorized_client"

CODES: dict[str, tuple[str, str]] = {
    "ESIA-007002": (CLIENT, "the certificate is not the one of this system, or the system has none"),
    "ESIA-007003": (REQUEST, "a parameter is wrong or repeated"),
    "ESIA-007004": (DENIED, "the owner of the data or the service has refused"),
    "ESIA-007005": (UNAUTHORIZED, "the system may not ask for a token in this way"),
    "ESIA-007006": (SCOPE, "the scope is unknown or wrong"),
    "ESIA-007007": ("server_error", "an unexpected fault of the service"),
    "ESIA-007008": ("temporarily_unavailable", "the service is overloaded or closed for works"),
    "ESIA-007009": ("unsupported_response_type", "the service gives no token in this way"),
    "ESIA-007011": (
        GRANT,
        "the code or the refresh token is used, out of time, withdrawn or of another system",
    ),
    "ESIA-007012": ("unsupported_grant_type", "the kind of grant is not supported"),
    "ESIA-007013": (SCOPE, "there is no scope"),
    "ESIA-007014": (REQUEST, "a necessary parameter is missing"),
    "ESIA-007015": (REQUEST, "the time of the request is wrong"),
    "ESIA-007019": (DENIED, "there is no permission for access"),
    "ESIA-007023": (REQUEST, "the return address is not among those of the system"),
    "ESIA-007038": (REQUEST, "the parameters of the request cannot be read"),
    "ESIA-007039": (REQUEST, "no code_challenge was given when the code was asked for"),
    "ESIA-007040": (GRANT, "code_verifier does not fit code_challenge"),
    "ESIA-007046": (DENIED, "a one-time code is demanded, and this person cannot have one"),
    "ESIA-007053": (
        CLIENT,
        "client_secret is wrong: another text, certificate or system, or an inactive certificate",
    ),
    "ESIA-007055": (DENIED, "the account is not a confirmed one"),
    "ESIA-007060": (REQUEST, "the parameter roles is wrong"),
    "ESIA-007061": (REQUEST, "the parameter obj_type is wrong"),
    "ESIA-007062": (REQUEST, "the kind or the role of the person is wrong"),
    "ESIA-007194": (SCOPE, "the person does not work in this organisation"),
    "ESIA-008010": (CLIENT, "the system was not recognised"),
    "ESIA-036700": (REQUEST, "the kind of consent is not named"),
    "ESIA-036701": (REQUEST, "there is no such kind of consent"),
    "ESIA-036702": (SCOPE, "a scope that this consent needs is missing"),
    "ESIA-036703": (SCOPE, "the scopes go beyond this consent"),
    "ESIA-036704": (SCOPE, "this consent takes no scopes"),
    "ESIA-036705": (REQUEST, "an action must be named"),
    "ESIA-036706": (REQUEST, "there is no such action"),
    "ESIA-036707": (REQUEST, "a purpose must be named"),
    "ESIA-036716": (REQUEST, "the end of the consent is wrong"),
    "ESIA-036726": (REQUEST, "there is no such purpose"),
    "ESIA-036727": (REQUEST, "exactly one purpose must be named"),
}
