//! The vendor's error codes (docs/chat-api.md) with the texts that clients match on.

/// A code and what `ErrorInfo` says about it.
pub type Code = (u32, &'static str);

/// No such service or command.
pub const NO_SUCH_COMMAND: Code = (60009, "There is no such service or command.");
/// `sdkappid` is missing.
pub const NO_APP: Code = (60012, "The parameter sdkappid is missing.");
/// `sdkappid` is no number.
pub const BAD_APP: Code = (60006, "The parameter sdkappid is no SDKAppID.");
/// No application has this `sdkappid`.
pub const UNKNOWN_APP: Code = (70020, "There is no application with this SDKAppID.");
/// The application is disabled.
pub const APP_DISABLED: Code = (60016, "The application is disabled.");
/// More calls in a second than the application takes.
pub const TOO_MANY_CALLS: Code = (60007, "The application takes no more calls now. Try again in a second.");
/// `identifier` or `usersig` is missing.
pub const NO_CALLER: Code = (60004, "The parameters identifier and usersig are required.");
/// The UserSig was made before a kick, or before its account was deleted.
pub const VOID_SIG: Code = (
    70052,
    "The UserSig in use is void: the account was kicked or deleted after it was made. Make a new one.",
);
/// The caller's account is no admin.
pub const NO_ADMIN: Code = (60010, "The identifier is no app admin.");
/// The body is no JSON object.
pub const BAD_JSON: Code = (60003, "The body is no JSON object.");
/// A UserID that is no string.
pub const ID_NOT_TEXT: Code = (60015, "UserID must be a string.");
/// The request did not arrive whole.
pub const BAD_HTTP: Code = (60002, "HTTP parse Error");
/// The call took too long.
pub const TIMED_OUT: Code = (70169, "The call took too long. It may or may not have been done.");
/// The body is too long.
pub const BODY_TOO_LONG: Code = (80002, "The body is too long.");

/// No such account.
pub const NO_ACCOUNT: Code = (70107, "Err_TLS_PT_Open_Login_Account_Not_Exist");
/// More in one call than it takes.
pub const BAD_BATCH: Code = (70206, "Err_TLS_PT_Open_Login_Batch_Size: a call takes 1 to 100 accounts.");
/// The user ID was deleted less than 90 days ago.
pub const RECENTLY_DELETED: Code = (70399, "The UserID was deleted less than 3 months ago.");
/// A parameter that breaks its rule.
pub const BAD_PARAMETER: Code = (70402, "A parameter is missing or not valid.");
/// A fault of ours.
pub const INTERNAL: Code =
    (70500, "Internal error. A change may or may not have been made: look before you try again.");
/// The application does not permit deletion.
pub const NO_DELETION: Code = (71000, "The application does not permit account deletion.");

/// The body is no JSON object (profiles).
pub const PROFILE_BAD_JSON: Code = (40001, "Err_Profile_Comm_Decode_Fail");
/// No account was named.
pub const PROFILE_NO_TARGET: Code = (40002, "Err_Profile_Comm_No_Account: To_Account is empty.");
/// No such account (profiles).
pub const PROFILE_NO_ACCOUNT: Code = (40003, "Err_Profile_Comm_Account_Not_Exist");
/// A fault of ours (profiles).
pub const PROFILE_INTERNAL: Code =
    (40006, "Internal error. A change may or may not have been made: look before you try again.");
/// A custom field that the server API may not read.
pub const PROFILE_NOT_READABLE: Code =
    (40007, "Err_Profile_No_Read_Right: this custom field is not readable.");
/// A custom field that the server API may not write.
pub const PROFILE_NOT_WRITABLE: Code =
    (40008, "Err_Profile_No_Write_Right: this custom field is not writable.");
/// No such tag.
pub const PROFILE_NO_TAG: Code = (40009, "Err_Profile_Comm_Tag_Not_Exist");
/// A value that is too long.
pub const PROFILE_TOO_LONG: Code = (40601, "Err_Profile_Value_Too_Long");
/// A value outside its set.
pub const PROFILE_BAD_VALUE: Code = (40605, "Err_Profile_Value_Invalid");
/// A value of the wrong JSON type.
pub const PROFILE_BAD_TYPE: Code = (40610, "Err_Profile_Value_Type");

/// The body is no JSON object, or names no account (online status, pushes).
pub const ONLINE_BAD_JSON: Code = (90001, "Fail to Parse json data of body, Please check it");
/// An account that is no string (online status).
pub const ONLINE_NOT_TEXT: Code = (90003, "To_Account must be an array of strings.");
/// More than 500 accounts (online status).
pub const ONLINE_TOO_MANY: Code = (90011, "To_Account holds more than 500 accounts.");

/// `MsgRandom` is missing or no integer.
pub const PUSH_BAD_RANDOM: Code = (90005, "MsgRandom must be an unsigned 32-bit integer.");
/// `MsgBody` is no message.
pub const PUSH_BAD_BODY: Code = (90007, "MsgBody must be an array of message elements.");
/// `From_Account` is no admin.
pub const PUSH_NO_ADMIN: Code = (90009, "From_Account must be an app admin.");
/// Too soon after the last push.
pub const PUSH_TOO_SOON: Code = (90024, "Pushes must be more than a second apart.");
/// `MsgLifeTime` is too large.
pub const PUSH_BAD_LIFETIME: Code = (90026, "MsgLifeTime must be 0 to 604800 seconds.");
/// The pushes of a day are used up.
pub const PUSH_TOO_MANY: Code = (90047, "The application takes no more pushes today.");

/// No such command (groups).
pub const GROUP_NO_COMMAND: Code = (10003, "There is no such command.");
/// The body is no JSON object, or a parameter breaks its rule (groups).
pub const GROUP_BAD_PARAMETER: Code = (10004, "A parameter is not valid.");
/// More than 100 members.
pub const GROUP_TOO_MANY: Code = (10005, "MemberList holds more than 100 members.");
/// No such group.
pub const NO_GROUP: Code = (10010, "There is no such group.");
/// The ID can be none of a group.
pub const GROUP_BAD_ID: Code = (10015, "GroupId is not valid.");
/// The owner or a member has no account.
pub const GROUP_NO_ACCOUNT: Code = (10019, "There is no such account:");
/// The ID is in use.
pub const GROUP_ID_OTHERS: Code = (10021, "The GroupId is used by a group of others.");
/// The ID is in use by the same owner.
pub const GROUP_ID_YOURS: Code = (10025, "The GroupId is used by a group of yours.");
