// Generated from proto/ by `make gen`. Do not edit.

/** Errors declared by quotemaster.ai.v1.AiService. */
export const aiErrors = {
  noProvider: {"code":"ai.no_provider","status":"UNAVAILABLE","title":"No model provider can answer","detail":"No model provider can answer right now. Please try again shortly.","help":"Every configured provider is out of service or over its quota. Wait as Retry-After says and repeat the call.","retryable":true},
  unusableAnswer: {"code":"ai.unusable_answer","status":"UNAVAILABLE","title":"The model's answer was unusable","detail":"The model gave no usable answer. Please try again.","help":"The provider answered, but with nothing that could be kept: empty, cut off, or not in the form asked for. Repeat the call, or word the prompt differently.","retryable":true},
  unknownModel: {"code":"ai.unknown_model","status":"INVALID_ARGUMENT","title":"The model is not known","detail":"There is no such model here.","help":"Leave the model out, or say `auto`, to have one chosen.","retryable":false},
  contentRefused: {"code":"ai.content_refused","status":"FAILED_PRECONDITION","httpStatus":422,"title":"The model declined the subject","detail":"The model's maker does not let it write about this. Please word it differently.","help":"A provider's content policy stopped the answer. The same words would be stopped again: change the prompt.","retryable":false},
  promptTooLong: {"code":"ai.prompt_too_long","status":"INVALID_ARGUMENT","title":"The prompt is too long for the model","detail":"The prompt is longer than the model can read. Please shorten it.","help":"Shorten the prompt, or name a model that reads more.","retryable":false},
  requestRefused: {"code":"ai.request_refused","status":"INVALID_ARGUMENT","title":"The model does not take this request","detail":"The model does not take this request as it is.","help":"The provider refused a parameter of the request. Leave out the model, temperature or bound of tokens, or choose others.","retryable":false},
} as const;

/** Errors declared by quotemaster.quote.v1.QuoteService. */
export const quoteErrors = {
  notFound: {"code":"quote.not_found","status":"NOT_FOUND","title":"No such quote","detail":"There is no such quote.","help":"The id is unknown, the quote was deleted, or it is someone else's.","retryable":false},
  pageTokenInvalid: {"code":"quote.page_token_invalid","status":"INVALID_ARGUMENT","title":"The page token is not valid","detail":"The page token is not valid.","help":"Use `nextPageToken` just as it came, with the same filters, or leave it out to start again.","retryable":false},
  nothingNew: {"code":"quote.nothing_new","status":"ABORTED","title":"Nothing new came of the prompt","detail":"Every answer was one you have already. Try another wording, tone or theme.","help":"A repeated prompt never gives a quote you already have, unless `seed` asks for it. Change the prompt or the tone.","retryable":true},
} as const;

/** Errors declared by quotemaster.user.v1.AuthService. */
export const authErrors = {
  emailTaken: {"code":"user.email_taken","status":"ALREADY_EXISTS","title":"The address is taken","detail":"There is an account with this address already.","help":"Sign in, or reset the password if it is forgotten.","retryable":false},
  usernameTaken: {"code":"user.username_taken","status":"ALREADY_EXISTS","title":"The user name is taken","detail":"This user name is taken. Please choose another.","help":"Choose another user name, or leave it out.","retryable":false},
  weakPassword: {"code":"user.weak_password","status":"INVALID_ARGUMENT","title":"The password is too weak","detail":"Please choose a password of at least 15 characters.","help":"At least 15 characters and at most 128. No mixture of kinds is asked for: a sentence you can remember is best. It must not hold your name or address.","retryable":false},
  invalidCredentials: {"code":"auth.invalid_credentials","status":"UNAUTHENTICATED","title":"Wrong address or password","detail":"The address or the password is wrong.","help":"Check both. The answer is the same for an address that has no account.","retryable":false},
  refreshInvalid: {"code":"auth.refresh_invalid","status":"UNAUTHENTICATED","title":"The refresh token is not valid","detail":"This session has ended. Please sign in again.","help":"The token is unknown, expired, or its session was ended. Sign in again.","retryable":false},
  refreshReused: {"code":"auth.refresh_reused","status":"UNAUTHENTICATED","title":"The refresh token was used before","detail":"This session was ended because its refresh token was used twice. Please sign in again.","help":"A refresh token works once. Its second use may mean that it was stolen, so the whole session ends. Sign in again.","retryable":false},
  originRefused: {"code":"auth.origin_refused","status":"PERMISSION_DENIED","title":"The page may not do this","detail":"This page's origin may not use the session cookie.","help":"Calls that use the session cookie must come from the application's own origin, or from one listed in QM_CORS_ORIGINS.","retryable":false},
} as const;

/** Errors declared by quotemaster.user.v1.UserService. */
export const userErrors = {
  notFound: {"code":"user.not_found","status":"NOT_FOUND","title":"No such user","detail":"There is no such user.","help":"The account may have been deleted.","retryable":false},
} as const;
