// Generated from proto/ by `make gen`. Do not edit.

/** Errors declared by quotemaster.ai.v1.AiService. */
export const aiErrors = {
  noProvider: {"code":"ai.no_provider","status":"UNAVAILABLE","title":"No model provider can answer","detail":"No model provider can answer right now. Please try again shortly.","help":"Every configured provider is out of service or over its quota. Wait as Retry-After says and repeat the call.","retryable":true},
  unusableAnswer: {"code":"ai.unusable_answer","status":"UNAVAILABLE","title":"The model's answer was unusable","detail":"The model gave no usable answer. Please try again.","help":"The provider answered, but with nothing that could be kept: empty, cut off, or not in the form asked for. Repeat the call, or word the prompt differently.","retryable":true},
  unknownModel: {"code":"ai.unknown_model","status":"INVALID_ARGUMENT","title":"The model is not known","detail":"There is no such model here.","help":"Leave the model out, or say `auto`, to have one chosen.","retryable":false},
  contentRefused: {"code":"ai.content_refused","status":"FAILED_PRECONDITION","httpStatus":422,"title":"The model declined the subject","detail":"The model's maker does not let it write about this. Please word it differently.","help":"A provider's content policy stopped the answer. The same words would be stopped again: change the prompt.","retryable":false},
  promptTooLong: {"code":"ai.prompt_too_long","status":"INVALID_ARGUMENT","title":"The prompt is too long for the model","detail":"The prompt is longer than the model can read. Please shorten it.","help":"Shorten the prompt, or name a model that reads more.","retryable":false},
  requestRefused: {"code":"ai.request_refused","status":"INVALID_ARGUMENT","title":"The model does not take this request","detail":"The model does not take this request as it is.","help":"The provider refused a parameter of the request. Leave out the model, temperature or bound of tokens, or choose others.","retryable":false},
  answerCut: {"code":"ai.answer_cut","status":"UNAVAILABLE","title":"The answer broke off","detail":"The model's answer broke off. What came of it stands; please try again for the rest.","help":"The provider stopped in the middle of a stream. Nothing of another provider is put behind it. `input_tokens`, `output_tokens` and `cost_micro_usd` among the error's facts say what was used so far.","retryable":true},
  overloaded: {"code":"ai.overloaded","status":"RESOURCE_EXHAUSTED","httpStatus":503,"title":"The models are busy","detail":"All model providers are busy. Please try again shortly.","help":"As many calls of providers are under way, and wait, as are allowed. Wait as Retry-After says and repeat the call.","retryable":true},
} as const;

/** Errors declared by quotemaster.ai.v1.DecisionService. */
export const decisionErrors = {
  decisionNotFound: {"code":"ai.decision_not_found","status":"NOT_FOUND","title":"No such decision","detail":"There is no decision of this id, or no longer.","help":"`generation.decisionId` of an answer names its decision. They are kept for seven days, and shown to the owner of the request and to administrators.","retryable":false},
} as const;

/** Errors declared by quotemaster.ai.v1.ProviderService. */
export const providerErrors = {
  providerNotFound: {"code":"ai.provider_not_found","status":"NOT_FOUND","title":"No such provider","detail":"There is no model provider of this id.","help":"GET /v1/ai/providers lists the ids.","retryable":false},
} as const;

/** Errors declared by quotemaster.quote.v1.QuoteService. */
export const quoteErrors = {
  notFound: {"code":"quote.not_found","status":"NOT_FOUND","title":"No such quote","detail":"There is no such quote.","help":"The id is unknown, the quote was deleted, or it is someone else's.","retryable":false},
  pageTokenInvalid: {"code":"quote.page_token_invalid","status":"INVALID_ARGUMENT","title":"The page token is not valid","detail":"The page token is not valid.","help":"Use `nextPageToken` just as it came, with the same filters, or leave it out to start again.","retryable":false},
  nothingNew: {"code":"quote.nothing_new","status":"ABORTED","title":"Nothing new came of the prompt","detail":"Every answer was one you have already. Try another wording, tone or theme.","help":"A repeated prompt never gives a quote you already have, unless `seed` asks for it. Change the prompt or the tone.","retryable":true},
} as const;

/** Errors declared by quotemaster.user.v1.AdminService. */
export const adminErrors = {
  lastAdmin: {"code":"user.last_admin","status":"FAILED_PRECONDITION","httpStatus":409,"title":"The last administrator","detail":"This is the last active administrator. Make another one first.","help":"Give another account the role admin, then repeat the call.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.ApiKeyService. */
export const apiKeyErrors = {
  notFound: {"code":"key.not_found","status":"NOT_FOUND","title":"No such key","detail":"There is no such key.","help":"GET /v1/users/me/api-keys lists the ones there are.","retryable":false},
  tooMany: {"code":"key.too_many","status":"FAILED_PRECONDITION","httpStatus":409,"title":"Too many keys","detail":"There are as many keys as an account may have. Remove one first.","help":"An account has at most 50.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.AuthService. */
export const authErrors = {
  emailTaken: {"code":"user.email_taken","status":"ALREADY_EXISTS","title":"The address is taken","detail":"There is an account with this address already.","help":"Sign in, or reset the password if it is forgotten.","retryable":false},
  usernameTaken: {"code":"user.username_taken","status":"ALREADY_EXISTS","title":"The user name is taken","detail":"This user name is taken. Please choose another.","help":"Choose another user name, or leave it out.","retryable":false},
  weakPassword: {"code":"user.weak_password","status":"INVALID_ARGUMENT","title":"The password is too weak","detail":"Please choose a password of at least 15 characters.","help":"At least 15 characters (8 once a second factor is on) and at most 128. No mixture of kinds is asked for: a sentence you can remember is best. It must not hold your name or address, and must not be among those known from breaches.","retryable":false},
  invalidCredentials: {"code":"auth.invalid_credentials","status":"UNAUTHENTICATED","title":"Wrong address or password","detail":"The address or the password is wrong.","help":"Check both. The answer is the same for an address that has no account.","retryable":false},
  mfaRequired: {"code":"auth.mfa_required","status":"UNAUTHENTICATED","title":"A second factor is needed","detail":"The password is right. Please give the code of your authenticator too.","help":"Repeat the sign-in with `totpCode`, `recoveryCode` or `passkey`, or sign in with a passkey alone at POST /v1/auth/passkeys/login.","retryable":false},
  throttled: {"code":"auth.throttled","status":"RESOURCE_EXHAUSTED","title":"Too many attempts","detail":"Too many attempts from here. Please wait a little before the next.","help":"Wait as `Retry-After` says. The wait grows with each wrong attempt and ends by itself; other addresses are not concerned.","retryable":true},
  tokenInvalid: {"code":"auth.token_invalid","status":"INVALID_ARGUMENT","title":"The token is not valid","detail":"This link is no longer valid. Please ask for a new one.","help":"Tokens sent by mail work once and for a limited time, and only the newest counts. Ask for a new one.","retryable":false},
  refreshInvalid: {"code":"auth.refresh_invalid","status":"UNAUTHENTICATED","title":"The refresh token is not valid","detail":"This session has ended. Please sign in again.","help":"The token is unknown, expired, or its session was ended. Sign in again.","retryable":false},
  refreshReused: {"code":"auth.refresh_reused","status":"UNAUTHENTICATED","title":"The refresh token was used before","detail":"This session was ended because its refresh token was used twice. Please sign in again.","help":"A refresh token works once. Its second use may mean that it was stolen, so the whole session ends. Sign in again.","retryable":false},
  originRefused: {"code":"auth.origin_refused","status":"PERMISSION_DENIED","title":"The page may not do this","detail":"This page's origin may not use the session cookie.","help":"Calls that use the session cookie must come from the application's own origin, or from one listed in QM_CORS_ORIGINS.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.MfaService. */
export const mfaErrors = {
  codeInvalid: {"code":"mfa.code_invalid","status":"INVALID_ARGUMENT","title":"The code is not right","detail":"This code is not right. Please try the one that is shown now.","help":"Codes change every 30 seconds and work once. Check that the clock of the authenticator is right.","retryable":false},
  alreadyEnabled: {"code":"mfa.already_enabled","status":"ALREADY_EXISTS","title":"An authenticator is on already","detail":"An authenticator is on already. Remove it to enrol another.","help":"DELETE /v1/auth/mfa/totp removes it.","retryable":false},
  notEnabled: {"code":"mfa.not_enabled","status":"NOT_FOUND","title":"No authenticator","detail":"There is no authenticator to do this with.","help":"POST /v1/auth/mfa/totp enrols one, POST /v1/auth/mfa/totp/confirm turns it on.","retryable":false},
  longerPasswordNeeded: {"code":"mfa.longer_password_needed","status":"FAILED_PRECONDITION","httpStatus":409,"title":"A longer password is needed first","detail":"Without a second factor the password must have at least 15 characters. Please set a longer one first.","help":"PUT /v1/users/me/password sets it.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.OAuthService. */
export const oAuthErrors = {
  providerUnknown: {"code":"oauth.provider_unknown","status":"NOT_FOUND","title":"No such provider","detail":"Signing in with this provider is not set up here.","help":"GET /v1/auth/oauth/providers lists the ones there are.","retryable":false},
  codeInvalid: {"code":"oauth.code_invalid","status":"INVALID_ARGUMENT","title":"The code is not valid","detail":"This sign-in has expired or was finished in another browser. Please start again.","help":"The code works once, for 60 seconds, and only in the browser that started. Start again at /v1/auth/oauth/{provider}/start.","retryable":false},
  refused: {"code":"oauth.refused","status":"INVALID_ARGUMENT","title":"The provider did not confirm the sign-in","detail":"The provider did not confirm who you are. Please start again.","help":"The sign-in was cancelled at the provider, or its answer could not be verified.","retryable":false},
  linkRequired: {"code":"oauth.link_required","status":"ALREADY_EXISTS","title":"The address has an account already","detail":"There is an account with this address. Please sign in to it once to link the two.","help":"Sign in with the account's own password or passkey, then send the same code to POST /v1/auth/oauth/link within ten minutes. Who forgot the password resets it by mail.","retryable":false},
  linkedElsewhere: {"code":"oauth.linked_elsewhere","status":"FAILED_PRECONDITION","httpStatus":409,"title":"Linked to another account","detail":"This account of the provider is linked to another account here.","help":"Sign in with the provider to reach that account, and unlink it there.","retryable":false},
  noEmail: {"code":"oauth.no_email","status":"FAILED_PRECONDITION","httpStatus":409,"title":"The provider gave no address","detail":"The provider gave no address of e-mail, and an account needs one.","help":"Allow the provider to share the address, or register with a password and link the provider afterwards.","retryable":false},
  lastCredential: {"code":"oauth.last_credential","status":"FAILED_PRECONDITION","httpStatus":409,"title":"The last way in","detail":"This is the only way into the account. Please set a password or register a passkey first.","help":"PUT /v1/users/me/password sets a password.","retryable":false},
  linkNotFound: {"code":"oauth.link_not_found","status":"NOT_FOUND","title":"No such link","detail":"This provider is not linked.","help":"GET /v1/auth/oauth/links lists the ones that are.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.PasskeyService. */
export const passkeyErrors = {
  invalid: {"code":"passkey.invalid","status":"INVALID_ARGUMENT","title":"The passkey's answer is not valid","detail":"The passkey could not be verified. Please try again.","help":"Ask for new options and answer them within five minutes, from a page of this site. Each challenge works once.","retryable":false},
  notFound: {"code":"passkey.not_found","status":"NOT_FOUND","title":"No such passkey","detail":"There is no such passkey.","help":"GET /v1/auth/passkeys lists the ones there are.","retryable":false},
  exists: {"code":"passkey.exists","status":"ALREADY_EXISTS","title":"The passkey is registered already","detail":"This passkey is registered already.","help":"Use another authenticator, or remove the passkey first.","retryable":false},
  tooMany: {"code":"passkey.too_many","status":"FAILED_PRECONDITION","httpStatus":409,"title":"Too many passkeys","detail":"There are as many passkeys as an account may have. Remove one first.","help":"An account has at most 20.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.UserService. */
export const userErrors = {
  notFound: {"code":"user.not_found","status":"NOT_FOUND","title":"No such user","detail":"There is no such user.","help":"The account may have been deleted.","retryable":false},
  pageTokenInvalid: {"code":"user.page_token_invalid","status":"INVALID_ARGUMENT","title":"The page token is not valid","detail":"The page token is not valid for this list.","help":"Take `nextPageToken` from the answer before, with the same filters.","retryable":false},
  sessionNotFound: {"code":"user.session_not_found","status":"NOT_FOUND","title":"No such session","detail":"There is no such session, or it has ended.","help":"GET /v1/users/me/sessions lists the ones there are.","retryable":false},
  receiptNotFound: {"code":"privacy.receipt_not_found","status":"NOT_FOUND","title":"No such receipt","detail":"There is no such receipt, or the token is not its own.","help":"Send the `receiptToken` of the deletion in the header X-Receipt-Token.","retryable":false},
} as const;
