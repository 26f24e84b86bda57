//! A call of the server API to copy, in the languages that servers are written in.

use crate::{
    browser,
    stores::toasts::Toasts,
    text::{self, tools as t},
    ui::{field::SelectField, time::Hydrated},
};
use leptos::prelude::*;
use rollcall_shared::{app::SdkAppId, profile::ADMINISTRATOR};

/// The languages, with the program in each. `URL` stands for the whole address.
const PROGRAMS: [(&str, &str); 5] = [
    ("curl", "curl 'URL' \\\n  -d '{\"UserID\":\"ming\",\"Nick\":\"Ming\"}'"),
    (
        "Node",
        "const answer = await fetch(\n  'URL',\n  { method: 'POST', body: JSON.stringify({ UserID: 'ming', Nick: 'Ming' }) },\n);\nconsole.log(await answer.json());",
    ),
    (
        "Python",
        "import requests\n\nanswer = requests.post(\n    'URL',\n    json={'UserID': 'ming', 'Nick': 'Ming'},\n)\nprint(answer.json())",
    ),
    (
        "Java",
        "var request = HttpRequest.newBuilder(URI.create(\n    \"URL\"))\n    .POST(BodyPublishers.ofString(\"{\\\"UserID\\\":\\\"ming\\\",\\\"Nick\\\":\\\"Ming\\\"}\"))\n    .build();\nSystem.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());",
    ),
    (
        "Go",
        "answer, err := http.Post(\n    \"URL\",\n    \"application/json\",\n    strings.NewReader(`{\"UserID\":\"ming\",\"Nick\":\"Ming\"}`))",
    ),
];

/// The panel.
#[component]
pub fn Example(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let toasts = Toasts::get();
    let hydrated = expect_context::<Hydrated>().0;
    let language = RwSignal::new(PROGRAMS[0].0.to_owned());
    let options = PROGRAMS.map(|(name, _)| (name.to_owned(), name.to_owned())).to_vec();
    let program = Memo::new(move |_| {
        // Only the browser knows under which address people reach the server.
        let origin = if hydrated.get() { browser::origin() } else { String::new() };
        let url = format!(
            "{origin}/v4/im_open_login_svc/account_import?sdkappid={app}&identifier={ADMINISTRATOR}&usersig=USERSIG&random=1&contenttype=json"
        );
        let found = language.with(|language| PROGRAMS.iter().find(|(name, _)| name == language));
        found.map_or_else(String::new, |(_, program)| program.replace("URL", &url))
    });
    let copy = move |_| {
        browser::spawn(async move {
            let copied = browser::copy(program.get_untracked()).await;
            if copied { toasts.done(text::COPIED) } else { toasts.failed(text::COPY_REFUSED) }
        });
    };
    view! {
        <section class="panel">
            <h2>{t::EXAMPLE}</h2>
            <p class="muted">{t::EXAMPLE_INTRO}</p>
            <SelectField id="example-language" label=t::LANGUAGE value=language options=options />
            <pre class="secret" data-testid="example" tabindex="0" aria-label=t::EXAMPLE><code>{move || program.get()}</code></pre>
            <div><button class="btn" on:click=copy>{text::COPY}</button></div>
        </section>
    }
}
