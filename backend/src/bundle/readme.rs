//! What a bundle says about itself, for whoever opens it.

use super::Asked;

/// The text of README.txt. Values stand at the ends of lines, so that none can look like a line of the text.
pub(super) fn text(Asked { app, user_id, by, now }: &Asked, exists: bool) -> String {
    let profile = if exists { PROFILE } else { NO_PROFILE };
    let app = format!("{} ({})", line(&app.name), app.sdkappid);
    format!(
        "Everything that this server holds about one account\n\
         ===================================================\n\n\
         Application: {app}\nUsername:    {}\nMade at:     {now}\nMade by:     {}\n\n\
         What the files hold\n-------------------\n{profile}{FILES}\n{NOT_HELD}",
        line(user_id),
        line(by),
    )
}

/// The text on one line.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

const PROFILE: &str = "\
profile.json      The account as the API shows it, and who created it and changed it last.
";
const NO_PROFILE: &str = "\
(profile.json)    There is none: the account was deleted, or there never was one of this name. What the
                  other files hold is what remains.
";
const FILES: &str = "\
marks.json        What outlives a deletion: when the account was last deleted and kicked, and the ids of
                  erasures.
groups.ndjson     Groups that it is in, owns or made.
pushes.ndjson     Pushes to all members that were sent to it, and when its client said that it has them, and
                  those that it sent. To whom a push went is forgotten an hour after the push is over.
sessions.ndjson   Clients of it that are connected now.
api-calls.ndjson  Recent calls of the server API that it made as an admin, or that name it, with secrets
                  masked. A call can name others too: look before you pass this file on.
events.ndjson     Events for the webhook that are about it or were caused by it.
jobs.ndjson       Tasks that name it, or that refused it and why.
answers.ndjson    Answers that are kept for a day, so that a repeated creation is answered alike.
manifest.json     The size, the number of lines and the SHA-256 of every file but itself.

Files that end in .ndjson have one JSON object a line; an empty one says that nothing of its kind is held.
Times are in UTC.
";
const NOT_HELD: &str = "\
What is not in here
-------------------
- Messages between members, friends and passwords: this server holds none of them.
- Files of exports that were made before: they may hold the account among others. Each is removed seven days
  after it was made, one that a schedule made as long after as the schedule says.
- Free text that mentions the account, in names of groups or in the profiles of others: it is not searched.
- Backups of the database, and the server's log, which has the paths of requests for one account.
";
